"""Everything that happened in a world, with what it happened to: an object-centric event log, as OCEL 2.0 has it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Value = str | int | float | bool
ACCOUNT, CONTACT, NEED, DEAL, CONTRACT = "account", "contact", "need", "deal", "contract"
DRAFT, POST, CHANNEL, MESSAGE, SIGNAL, CRISIS, PERSON, REVIEWERS = (
    "draft", "post", "channel", "message", "signal", "crisis", "person", "reviewers",
)  # fmt: skip
LISTED = "is in the log"
STANDING = (ACCOUNT, CONTACT, CHANNEL, PERSON, REVIEWERS)  # what is there without any event of its own
Relation = tuple[str, str]  # id of an object, and what it is to the event or the other object


@dataclass(frozen=True)
class Happening:
    """Something that happened: when (hours), what, to which objects in which role, and with which attributes."""

    time: float
    kind: str
    objects: tuple[Relation, ...]
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass
class Thing:
    """An object: its kind, its attributes, which do not change, and what it is to other objects."""

    kind: str
    attributes: dict[str, Value] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)


class Log:
    """Objects by id, and what happened to them."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.happenings: list[Happening] = []

    def thing(self, kind: str, /, *name: str | int, relations: Iterable[Relation] = (), **attributes: Value) -> str:
        """Note an object by its kind and name, if it is new; its id."""
        key = ":".join(map(str, (kind, *name)))
        if key not in self.things:
            self.things[key] = Thing(kind, dict(attributes), list(relations))
        return key

    def add(self, time: float, kind: str, /, *objects: Relation, **attributes: Value) -> None:
        """Note that something happened; a relation to nothing ("") is left out."""
        related = tuple(dict.fromkeys(one for one in objects if one[0]))
        self.happenings.append(Happening(time, kind, related, attributes))

    def finished(self, first: float) -> "Log":
        """Give what stands there by itself an event, and bring all events into the order of time.

        Readers drop objects that no event refers to. What stands there is listed at the `first` moment, or when it is first
        heard of if that is earlier.
        """
        since: dict[str, float] = {}
        for one in self.happenings:
            for key, _ in one.objects:
                since[key] = min(one.time, since.get(key, one.time))
        listed = (key for key, thing in self.things.items() if thing.kind in STANDING)
        begun = [Happening(min(first, since.get(key, first)), LISTED, ((key, self.things[key].kind),)) for key in listed]
        self.happenings = sorted([*begun, *self.happenings], key=lambda one: one.time)
        return self

    def kinds(self) -> dict[str, dict[str, type]]:
        """Return the attributes of each kind of object, with their type."""
        return _types((one.kind, one.attributes) for one in self.things.values())

    def event_kinds(self) -> dict[str, dict[str, type]]:
        """Return the attributes of each kind of event, with their type."""
        return _types((one.kind, one.attributes) for one in self.happenings)


def _types(described: Iterable[tuple[str, dict[str, Value]]]) -> dict[str, dict[str, type]]:
    found: dict[str, dict[str, type]] = {}
    for kind, attributes in described:
        mine = found.setdefault(kind, {})
        for name, value in attributes.items():
            mine.setdefault(name, type(value))
    return dict(sorted(found.items()))
