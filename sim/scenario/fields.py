"""The schema's description of each field, for messages, overviews and the reference."""

import datetime as dt
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from sim.remarks import joined, remark
from sim.scenario.schema.base import LogNormal, Section, entry_type
from sim.scenario.schema.scenario import Scenario
from sim.scenario.yaml import KeyPath

SPREADS = ("sigma", "mean", "p90")
Kind = Literal["decision", "own", "guess"]
DECISION: Final = "decision"
DECISIONS = (  # what a company sets as it likes, and may be advised on; a star stands for any name
    "team.hours_per_week", "team.split.*", "team.members.*.share", "team.members.*.max_hours_per_week",
    "team.members.*.sessions", "team.members.*.longest_session_hours", "team.members.*.away_weeks",
    "team.hire.max_hours_per_week", "team.hire.sessions", "team.shortest_block_minutes", "hours_policy.*",
    "content.formats.*.mix", "content.formats.*.sources",
    "content.formats.*.channels", "content.planned.*.kind", "content.planned.*.week", "content.planned.*.every_weeks",
    "content.planned.*.slot", "content.planned.*.lead_weeks", "validation.reviewers.*.people",
    "validation.reviewers.*.hours_per_week", "validation.reviewers.*.share_raw", "validation.reviewers.*.share_adapted",
    "validation.reviewers.*.share_original", "channels.*.invitations", "dialogue.kinds.*.priority", "weak_signals.ideas_go_to",
    "profiles.colleagues", "profiles.channel", "sponsoring.per_week", "sponsoring.channel",
)  # fmt: skip
CHOSEN_ENTRIES = ("team.members", "channels", "content.planned", "validation.reviewers")  # whose entries are there or not
OWN = (  # beside what the schema calls a choice: figures that a company can look up
    "team.members.*.cost_per_hour", "team.hire.cost_per_hour", "sales.seller_cost_per_hour", "sales.stages.*.pass_share",
    "sales.stages.*.seller_hours", "customers.renewal_share", "market.segments.*.needs_per_year", "web.visits_per_week",
)  # fmt: skip
MOST_SPOTS = 8192  # paths that are remembered; a scenario has some 500


@dataclass(frozen=True)
class Parameter:
    """A field of a section, as the schema documents it."""

    name: str
    annotation: Any
    description: str
    unit: str
    evidence: str
    low: float | None
    high: float | None
    default: Any
    required: bool
    limits: Mapping[str, float]
    field: FieldInfo
    may_be_null: bool = False

    @property
    def section(self) -> type[Section] | None:
        """The kind of section that it holds."""
        is_section = isinstance(self.annotation, type) and issubclass(self.annotation, Section)
        return self.annotation if is_section else None

    @cached_property
    def entry(self) -> type[Section] | None:
        """The kind of section that each of its named entries is."""
        return entry_type(self.annotation)

    @cached_property
    def entry_names(self) -> tuple[str, ...]:
        """Names that entries may have; none if any name will do."""
        return get_args(get_args(self.annotation)[0]) if self.entry else ()

    @property
    def is_number(self) -> bool:
        """Whether it holds one number."""
        return self.annotation in (int, float)

    @property
    def item(self) -> Any:
        """The type of the items of a list, whatever their limits."""
        item = get_args(self.annotation)[0] if get_origin(self.annotation) is tuple else None
        return get_args(item)[0] if get_origin(item) is Annotated else item

    def check(self, value: Any) -> None:
        """Raise pydantic's ValidationError unless the value by itself is possible."""
        constrained: Any = Annotated[self.annotation, *self.field.metadata]
        TypeAdapter(constrained).validate_python(value, strict=True)


@dataclass(frozen=True)
class Spot:
    """The place at a path: a field, a section (whose fields may follow), or both."""

    section: type[Section] | None = None
    parameter: Parameter | None = None

    @property
    def is_collection(self) -> bool:
        """Whether names of entries follow."""
        return self.parameter is not None and self.parameter.entry is not None

    @property
    def is_lognormal(self) -> bool:
        """Whether the section here is a lognormal quantity."""
        return self.section is LogNormal


@cache
def parameters(section: type[Section]) -> Mapping[str, Parameter]:
    """Return the fields of a section by name, including `mean` and `p90` of a lognormal."""
    found = {name: _parameter(name, field) for name, field in section.model_fields.items()}
    if section is LogNormal:
        field = LogNormal.model_fields["median"]
        for name, meaning in (("mean", "expected value, instead of sigma"), ("p90", "90th percentile, instead of sigma")):
            given = _parameter(name, field)
            found[name] = replace(given, description=meaning, default=None)
    return types.MappingProxyType(found)


def _parameter(name: str, field: FieldInfo) -> Parameter:
    extra = field.json_schema_extra
    documented: dict[str, Any] = dict(extra) if isinstance(extra, dict) else {}
    limits = {limit: bound for part in field.metadata for limit, bound in _limits(part).items()}
    if "lt" in limits:
        limits.pop("le", None)  # that of the unit; a limit of the type prevails
    kinds = [kind for kind in get_args(field.annotation) if kind is not types.NoneType]
    may_be_null = isinstance(field.annotation, types.UnionType) and len(kinds) < len(get_args(field.annotation))
    return Parameter(
        name=name,
        annotation=kinds[0] if may_be_null else field.annotation,
        description=field.description or "",
        unit=documented.get("unit", ""),
        evidence=documented.get("evidence", ""),
        low=documented.get("low"),
        high=documented.get("high"),
        default=None if field.is_required() else field.get_default(call_default_factory=True),
        required=field.is_required(),
        limits=types.MappingProxyType(limits),
        field=field,
        may_be_null=may_be_null,
    )


def _limits(constraint: Any) -> dict[str, float]:
    names = ("ge", "gt", "le", "lt", "min_length", "max_length")
    return {name: getattr(constraint, name) for name in names if getattr(constraint, name, None) is not None}


@lru_cache(MOST_SPOTS)
def spot(path: KeyPath) -> Spot | None:
    """Find the field at a path of a scenario; None if nothing can."""
    here = Spot(Scenario)
    for step in path:
        holder = here.parameter
        if here.is_collection and holder is not None:
            if not isinstance(step, str) or (holder.entry_names and step not in holder.entry_names):
                return None
            here = Spot(holder.entry)
        elif here.section is not None and isinstance(step, str) and step in parameters(here.section):
            parameter = parameters(here.section)[step]
            here = Spot(parameter.section, parameter)
        else:
            return None
    return here


def kind_of(path: str) -> Kind:
    """Return whether the field at a path is a decision, a number of the company's own, or a guess about the world.

    A section is a decision if all in it is one.
    """
    if any(fnmatchcase(path, pattern) for pattern in DECISIONS):
        return DECISION
    here = spot(tuple(path.split(".")))
    parameter = None if here is None else here.parameter
    if here is not None and (here.section is not None or here.is_collection):
        below = {kind_of(f"{path}.{name}") for name in names_at(tuple(path.split(".")))}
        return DECISION if below == {DECISION} else "guess" if "guess" in below else "own"
    own = any(fnmatchcase(path, pattern) for pattern in OWN)
    return "own" if own or (parameter is not None and parameter.evidence == "choice") else "guess"


def names_at(path: KeyPath) -> tuple[str, ...]:
    """Return the names that may follow a path: fields, or entries that can be named beforehand."""
    here = spot(path)
    if here is None:
        return ()
    if here.is_collection and here.parameter is not None:
        return here.parameter.entry_names or tuple(here.parameter.default)
    return tuple(parameters(here.section)) if here.section is not None else ()


def homes_of(name: str) -> list[KeyPath]:
    """Find where a field of that name is in a scenario with default names."""
    found: list[KeyPath] = []
    ahead: list[KeyPath] = [()]
    while ahead:
        path = ahead.pop(0)
        for step in names_at(path):
            if step == name:
                found.append((*path, step))
            ahead.append((*path, step))
    return found


def expected(parameter: Parameter) -> str:  # noqa: PLR0911  # one for each kind of field
    """Describe in words what may be given for a field."""
    if parameter.entry is not None:
        if not parameter.entry_names:
            return remark("a mapping of names to entries")
        return remark("a mapping of names to entries ({names})", names=parameter.entry_names)
    if parameter.section is not None:
        names = tuple(parameters(parameter.section))
        if parameter.section is LogNormal:
            return remark("a number, its mean, or a mapping of {names}", names=names)
        return remark("a mapping of {names}", names=names)
    if parameter.item is not None:
        return _expected_list(parameter)
    if get_origin(parameter.annotation) is Literal:
        return remark("one of {names}", names=get_args(parameter.annotation))
    said: list[str] = [_noun(parameter), within(parameter.limits)]
    if parameter.unit:
        said.append(remark(", in {unit}", unit=remark(parameter.unit)))
    if parameter.may_be_null:
        said.append(remark(", or null"))
    return joined(said, "")


def _expected_list(parameter: Parameter) -> str:
    items = {int: remark("whole numbers"), float: remark("numbers")}.get(parameter.item, remark("texts"))
    if "max_length" in parameter.limits:
        return remark("a list of {count} {items}", count=number(parameter.limits["max_length"]), items=items)
    if not parameter.default:
        return remark("a list of {items}", items=items)
    example = ", ".join(str(item) for item in parameter.default[:2])
    return remark("a list of {items}, such as [{example}]", items=items, example=example)


def _noun(parameter: Parameter) -> str:
    if parameter.annotation is str:
        if parameter.default:
            return remark("text on one line such as {example}", example=parameter.default)
        return remark("text on one line") if "min_length" in parameter.limits else remark("text")
    nouns = {
        int: remark("a whole number"),
        float: remark("a number"),
        bool: remark("true or false"),
        dt.date: remark("a date such as 2012-01-02"),
    }
    return nouns[parameter.annotation]


def within(limits: Mapping[str, float]) -> str:
    """Describe limits in words, with a leading blank; empty if there are none."""
    if "max_length" in limits:
        least, most = (number(limits.get(name, 0)) for name in ("min_length", "max_length"))
        return remark(" of {least} to {most} characters", least=least, most=most)
    if "ge" in limits and "le" in limits:
        return remark(" from {least} to {most}", least=number(limits["ge"]), most=number(limits["le"]))
    parts = [part for limit, part in _one_sided(limits) if limit in limits]
    return remark(" {limits}", limits=parts) if parts else ""


def _one_sided(limits: Mapping[str, float]) -> list[tuple[str, str]]:
    shown = {limit: number(bound) for limit, bound in limits.items()}
    return [
        ("ge", remark("at least {bound}", bound=shown.get("ge", ""))),
        ("gt", remark("above {bound}", bound=shown.get("gt", ""))),
        ("le", remark("at most {bound}", bound=shown.get("le", ""))),
        ("lt", remark("below {bound}", bound=shown.get("lt", ""))),
    ]


def number(value: float | dt.date) -> str:
    """Format a number as briefly as it can be read: 10000000, 1e+12, 0.05; a date as it is written."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:g}" if abs(value) >= 1e9 or value != int(value) else f"{int(value)}"
