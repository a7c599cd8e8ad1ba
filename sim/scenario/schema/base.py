"""Base of every section of a scenario: documented, bounded, frozen fields."""

import math
from collections.abc import Mapping
from functools import cache
from statistics import NormalDist
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from sim.remarks import remark
from sim.scenario.printable import is_printable, listed

Share = Annotated[float, Field(ge=0.0, le=1.0)]
OpenShare = Annotated[float, Field(gt=0.0, lt=1.0)]
Positive = Annotated[float, Field(ge=1e-6)]  # a millionth of any unit is as good as nothing, and can be divided by
NonNegative = Annotated[float, Field(ge=0.0)]  # what it is at most follows from its unit, as for a Positive
Slope = Annotated[float, Field(ge=0.0, le=100.0)]
Logit = Annotated[float, Field(ge=-100.0, le=100.0)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
WholeNumbers = Annotated[tuple[int, ...], Strict(False)]

WITHOUT_END: Final = 1e6  # as a half-life in weeks, or a rate: beyond what any world can tell from never, or from at once
# what a number of a unit can be at most, unless its field says otherwise
HARD_LIMITS: Final[Mapping[str, float]] = MappingProxyType({
    "": 1_000.0,  # multiples, slopes and spreads
    "1/h": WITHOUT_END, "1/week": WITHOUT_END, "1/year": 5_000.0, "1/year per 1/week": 100.0,
    "min": 10_000.0, "h": 10_000.0, "days": 3_650.0, "weeks": 1_040.0,
    "h/week": 1_000.0, "people": 10_000.0, "messages": 10_000.0, "ideas": 100.0, "crises": 10.0, "1/month": WITHOUT_END,
})  # fmt: skip
LARGEST: Final = 1e12  # such as an amount of money, or a half-life of what never wears off
MOST_ENTRIES: Final = 1_000  # of a named collection


def _printable(name: str) -> str:
    if not is_printable(name):
        raise ValueError(
            remark("a name has letters, digits, blanks and signs; remove characters that control a terminal or a line")
        )
    if not name.strip():
        raise ValueError(remark("a name has letters, digits or signs"))
    return name


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]

ASSUMPTION = "assumption"


def param(
    default: Any,
    description: str,
    *,
    unit: str = "",
    evidence: str = ASSUMPTION,
    low: float | None = None,
    high: float | None = None,
    most: float | None = None,
) -> Any:
    """Define a field of a section: its default, meaning, unit, plausible range and where the default comes from.

    `evidence` is an id of `evidence.yaml`, `assumption` (then `low` and `high` say how far it may be off) or
    `choice` for what is decided rather than measured (a name, a date, hours to try). `most` is the hard limit of a number, or
    of the median and the mean of a lognormal quantity, where that of the unit does not fit.
    """
    limit = HARD_LIMITS.get(unit, LARGEST) if most is None else most
    extra: dict[str, Any] = {"unit": unit, "evidence": evidence, "low": low, "high": high, "most": limit}
    if isinstance(default, dict | BaseModel):
        return Field(default_factory=lambda: default, description=description, json_schema_extra=extra)
    if isinstance(default, float):
        return Field(default, description=description, json_schema_extra=extra, le=limit)  # a limit of its type prevails
    return Field(default, description=description, json_schema_extra=extra)


def required(description: str) -> Any:
    """Define a field that a scenario must give."""
    return Field(description=description, json_schema_extra={"unit": "", "evidence": "choice"})


class Section(BaseModel):
    """A part of a scenario. Immutable; refuses names it does not know.

    A named collection (channels, segments, ...) holds the entries that are given and no others; an entry whose name
    is one of the defaults starts from that default, any other from the defaults of its kind. A section given in part
    keeps the rest of its own default, which may differ from the defaults of its kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _start_from_the_defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        for name in cls.model_fields:
            given = filled.get(name)
            if not isinstance(given, dict):
                continue
            known = _default_of(cls, name)
            if isinstance(known, Section) and not isinstance(known, LogNormal):
                filled[name] = {**shallow(known), **given}
            elif name in _collections_of(cls):
                filled[name] = {
                    key: {**shallow(known[key]), **entry} if key in known and isinstance(entry, dict) else entry
                    for key, entry in given.items()
                }
        return filled

    @model_validator(mode="after")
    def _collections_and_quantities_are_bounded(self) -> Self:
        """Check what a field alone cannot: names and number of entries, and the size of lognormal quantities by their unit."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, LogNormal):
                _check_size(name, value, field.json_schema_extra)
            elif name in _collections_of(type(self)):
                _check_entries(name, value)
        return self


@cache
def _default_of(section: type[BaseModel], name: str) -> Any:
    """Return the default of a field of a section; like all of a scenario, nobody changes it."""
    return section.model_fields[name].get_default(call_default_factory=True)


@cache
def _collections_of(section: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields of a section that are named collections."""
    return frozenset(name for name, field in section.model_fields.items() if entry_type(field.annotation) is not None)


def _check_size(name: str, quantity: "LogNormal", documented: Any) -> None:
    unit, most = documented["unit"], documented["most"]
    for what in ("median",) if most == LARGEST else ("median", "mean"):
        if getattr(quantity, what) > most:
            given = f"{name}.{what} is {getattr(quantity, what):g}"
            wide = f", as {name}.sigma is {quantity.sigma:g}" if what == "mean" else ""
            raise ValueError(f"{given}{wide}; give at most {most:g} {unit}".rstrip())


def _check_entries(name: str, entries: Mapping[str, Any]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise ValueError(
            remark(
                "{name} has {count} entries; give at most {most}",
                name=name,
                count=str(len(entries)),
                most=str(MOST_ENTRIES),
            )
        )
    for key in entries:
        if not key:
            raise ValueError(remark("{name} has an entry without a name; give it one", name=name))
        try:
            _printable(key)
        except ValueError as error:
            raise ValueError(
                remark("{name} has an entry named {key}: {error}", name=name, key=repr(key)[:60], error=error)
            ) from None


def entry_type(annotation: Any) -> type[Section] | None:
    """Return the section that a named collection `dict[str, Section]` holds, or None for any other field."""
    if get_origin(annotation) is dict:
        entry = get_args(annotation)[1]
        if isinstance(entry, type) and issubclass(entry, Section):
            return entry
    return None


def shallow(section: Section) -> dict[str, Any]:
    """Return a section's own fields, its inner sections left whole."""
    return {name: getattr(section, name) for name in type(section).model_fields}


NINETIETH = NormalDist().inv_cdf(0.9)


class LogNormal(Section):
    """A lognormal quantity, given by its median and one of `sigma`, `mean` or `p90` (its 90th percentile).

    A plain number is its mean, with the spread of the default.
    """

    median: Positive = param(1.0, "half of all values lie below it", evidence="choice", most=LARGEST)
    sigma: Annotated[float, Field(ge=0.0, le=5.0)] = param(
        0.0, "standard deviation of the logarithm", evidence="choice", low=0.3, high=1.2
    )

    @model_validator(mode="before")
    @classmethod
    def _spread_from_mean_or_p90(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if data and "median" not in data:
            raise ValueError(remark("a lognormal needs its median"))
        given = [key for key in ("sigma", "mean", "p90") if key in data]
        if len(given) > 1:
            raise ValueError(remark("a lognormal takes one of sigma, mean and p90, not {given}", given=" and ".join(given)))
        if not given or given == ["sigma"]:
            return data
        rest = {key: value for key, value in data.items() if key not in ("mean", "p90")}
        median, other = data.get("median"), data[given[0]]
        if median is None or other is None or not is_number(median) or not is_number(other):
            raise ValueError(remark("a lognormal takes a number as median and as {given}", given=given[0]))
        if not 0 < median <= other:
            raise ValueError(remark("the {given} of a lognormal is at least its median", given=given[0]))
        ratio = math.log(other / median)
        return {**rest, "sigma": math.sqrt(2.0 * ratio) if given == ["mean"] else ratio / NINETIETH}

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.median * math.exp(0.5 * self.sigma**2)


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number, and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def must_sum_to_one(shares: dict[str, float], what: str) -> None:
    """Refuse shares of a whole that do not make the whole.

    Raises
    ------
    ValueError
        If they differ from 1 by more than a millionth.
    """
    total = math.fsum(shares.values())
    if abs(total - 1.0) > 1e-6:
        given = listed([f"{name} {share:g}" for name, share in shares.items()])
        raise ValueError(
            remark("{what} must sum to 1, not {total} ({given})", what=what, total=format(total, "g"), given=given)
        )


Activity = Literal[
    "listening",
    "weak_signals",
    "recruiting",
    "animation",
    "advocacy",
    "content",
    "publishing",
    "validation",
    "dialogue",
    "measurement",
]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
