"""Warnings in words: which assumptions would flip the advice on hours, and what to look at early on."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sim.analysis import flips as flipping
from sim.analysis import trip_wires as wiring
from sim.experiment.flips import STOP, Flip, Flips, Tried
from sim.experiment.ignorance import Decision
from sim.experiment.statistics import Estimate
from sim.experiment.trip_wires import FEW_LOSE, TESTED, WIRE, Expected, TripWires, Wire
from sim.report.answers import ensemble, ensemble_numbers
from sim.report.answers.base import Answer, TextTable
from sim.report.text.assumptions import meaning_of, unit_of
from sim.report.text.cells import from_to
from sim.report.text.translation import decimal, say, say_many, shortest
from sim.report.text.vocabulary import EARLY_SIGNS
from sim.report.text.words import ENOUGH, are_few, confidence, hours_a_week, money, percent, short

FIGURES = 2  # of a value that is known to a thirtieth of a range


@dataclass(frozen=True)
class Warnings(Answer):
    """The decision while much is unknown, what would flip the advice on hours, and the early signs that it does not pay."""

    flips: Flips
    wires: TripWires
    currency: str
    decision: Decision | None = None

    def sentences(self) -> Iterable[str]:
        """Say what to decide, which assumptions flip the advice and at which value, and what to look at early on."""
        if self.decision is not None:
            yield from ensemble.sentences(self.decision, self.currency)
        yield from flip_sentences(self.flips, self.currency)
        yield from wire_sentences(self.wires)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per level of hours, a row per assumption that was tried, and a row per time to look."""
        if self.decision is not None:
            yield ensemble.in_short(self.decision, self.currency)
        yield TextTable([*_flip_rows(self.flips, self.currency)], [_flip_note(self.flips, self.currency)], left=2)
        if self.wires.wires:
            yield TextTable([*_wire_rows(self.wires)], [_wire_note(self.wires)], left=2)
        elif self.wires.expected:
            note = say("Where it pays, one set of assumptions in twenty lies below. These are not tested trip-wires.")
            yield TextTable([*_expected_rows(self.wires)], [note], left=2)

    def to_dict(self) -> dict[str, Any]:
        """Give the decision, the flips, the trip-wires with their rates, and all counts behind them."""
        return {
            "decision": None if self.decision is None else ensemble_numbers.content(self.decision),
            "flips": asdict(self.flips) | {"trial": are_few(self.flips.worlds)},
            "trip_wires": asdict(self.wires) | {"wires": wiring.table(self.wires).to_dict("records")},
        }


def advice(hours: float) -> str:
    """Say an advice: to stop, or to fund so many hours per week."""
    return say("stop") if hours == STOP else hours_a_week(hours)


def flip_sentences(found: Flips, currency: str) -> Iterator[str]:
    """Say what flips the advice, the nearest to its likely value first, and how many assumptions do not.

    Whether it is a trial, of few worlds, is said first.
    """
    if are_few(found.worlds):
        yield say_many(
            "Each value was tried in only {count} world. That is a trial: a decision takes {enough}.",
            "Each value was tried in only {count} worlds. That is a trial: a decision takes {enough}.",
            found.worlds,
            enough=decimal(ENOUGH),
        )
    tried, shown = len(found.tried), len(found.flips)
    flipping_ones = sum(one.flips for one in found.tried)
    if not flipping_ones:
        yield say_many(
            "The advice ({advice}) does not flip: {count} assumption was put to both ends of its range.",
            "The advice ({advice}) does not flip: the {count} most important assumptions were put to both ends of their"
            " ranges, one at a time.",
            tried,
            advice=advice(found.hours),
        )
        return
    yield say_many(
        "{count} of the {tried} most important assumptions flips the advice ({advice}) on its own.",
        "{count} of the {tried} most important assumptions flip the advice ({advice}), each on its own.",
        flipping_ones,
        tried=decimal(tried),
        advice=advice(found.hours),
    )
    for one in found.flips:
        yield _flip_sentence(one, currency)
    if shown < flipping_ones:
        yield say_many(
            "{count} more flips it farther from its likely value.",
            "{count} more flip it farther from their likely values.",
            flipping_ones - shown,
        )


def _flip_sentence(one: Flip, currency: str) -> str:
    values = {
        "advice": advice(one.hours),
        "meaning": meaning_of(one.path),
        "path": one.path,
        "value": quantity(one.flips_at, one.path, currency),
        "likely": quantity(one.value, one.path, currency),
        "step": short(one.plus_minus, FIGURES),
    }
    if one.end < one.value:
        return say(
            'The advice flips to {advice} if "{meaning}" is below {value} (±{step}; you have {likely}) [{path}].', **values
        )
    return say('The advice flips to {advice} if "{meaning}" is above {value} (±{step}; you have {likely}) [{path}].', **values)


def quantity(value: float, path: str, currency: str) -> str:
    """Write a value of an assumption with its unit."""
    return f"{short(value)} {unit_of(path, currency)}".strip()


def _flip_rows(found: Flips, currency: str) -> Iterator[tuple[str, ...]]:
    yield say("assumption"), say("meaning"), say("you have"), say("range"), say("advice flips at"), say("to")
    flips = {one.path: one for one in found.flips}
    tried = {one.path: one for one in found.tried}
    for path in flipping.table(found)["assumption"]:
        one = tried[path]
        yield (
            path,
            meaning_of(path),
            quantity(one.value, path, currency),
            from_to(short(one.low, FIGURES), short(one.high, FIGURES)),
            *_flip_cells(one, flips.get(path)),
        )


def _flip_cells(one: Tried, flip: Flip | None) -> tuple[str, str]:
    if flip is not None:
        return f"{short(flip.flips_at)} ±{short(flip.plus_minus, FIGURES)}", advice(flip.hours)
    return (say("farther off") if one.flips else say("does not flip within its range")), "–"


def _flip_note(found: Flips, currency: str) -> str:
    how = say(
        "Each was tried alone, in {worlds} worlds on the same draws, with a choice of stopping or {levels} h/week. Where the"
        " advice flips is known to about the last step of bisection (±), and moves with the luck of these worlds.",
        worlds=decimal(found.worlds),
        levels=", ".join(map(shortest, found.levels)),
    )
    if found.hours == STOP:
        counts = say(
            "It flips only if the {confidence} interval of what the advice then loses lies above zero.", confidence=confidence()
        )
    else:
        counts = say(
            "It flips only if the {confidence} interval of what the advice then loses lies above zero; between levels, above"
            " {matters}.",
            confidence=confidence(),
            matters=money(found.matters, currency),
        )
    return f"{how} {counts}"


def wire_sentences(found: TripWires) -> Iterator[str]:
    """Say what to look at and when, how well it separates; or why no trip-wire could be tested."""
    counts = {"pay": decimal(found.pay), "members": decimal(found.members), "level": hours_a_week(found.hours)}
    if found.state != TESTED:
        if found.state == FEW_LOSE or 2 * found.pay > found.members:
            yield say(
                "In {pay} of {members} sets of assumptions {level} pays; there is no trip-wire that could be tested.", **counts
            )
            yield from _expected_sentences(found)
        else:
            yield say(
                "In only {pay} of {members} sets of assumptions {level} pays; there is no trip-wire that could be tested.",
                **counts,
            )
        return
    yield say("In {pay} of {members} sets of assumptions {level} pays.", **counts)
    for one in found.wires:
        yield _wire_sentence(one)
        if one.verdict == WIRE:
            yield say(
                "Of {rings} sets in which it rings, {caught} do not pay.",
                rings=decimal(one.false_alarms + one.lose - one.missed),
                caught=decimal(one.lose - one.missed),
            )


def _expected_sentences(found: TripWires) -> Iterator[str]:
    for after in dict.fromkeys(one.after for one in _to_expect(found)):
        signs = ", ".join(_sign_value(one) for one in _to_expect(found) if one.after == after)
        yield say_many(
            "After {count} quarter, where it pays, expect at least: {signs}.",
            "After {count} quarters, where it pays, expect at least: {signs}.",
            after,
            signs=signs,
        )


def _to_expect(found: TripWires) -> list[Expected]:
    """Return what there is to expect: of some signs there may be nothing yet."""
    return [one for one in found.expected if one.value > 0.0]


def _sign_value(one: Expected) -> str:
    return say("{sign} {value}", sign=say(EARLY_SIGNS[one.sign]), value=shortest(one.value))


def _wire_sentence(one: Wire) -> str:
    if one.verdict != WIRE:
        return say_many(
            "After {count} quarter the records show nothing yet.",
            "After {count} quarters the records show nothing yet.",
            one.after,
        )
    return say_many(
        "After {count} quarter, stop or change if {sign} are below {value}: it rings falsely in {false_alarms} of the sets in"
        " which the hours pay, and stays silent in {missed} of those in which they do not.",
        "After {count} quarters, stop or change if {sign} are below {value}: it rings falsely in {false_alarms} of the sets in"
        " which the hours pay, and stays silent in {missed} of those in which they do not.",
        one.after,
        sign=say(EARLY_SIGNS[one.sign]),
        value=shortest(one.value),
        false_alarms=_rate(one.false_alarm_share),
        missed=_rate(one.missed_share),
    )


def _wire_rows(found: TripWires) -> Iterator[tuple[str, ...]]:
    yield say("after"), say("look at"), say("stop or change below"), say("rings falsely"), say("stays silent")
    for one in found.wires:
        if one.verdict == WIRE:
            rates = (_rate(one.false_alarm_share), _rate(one.missed_share))
            yield _quarters(one.after), say(EARLY_SIGNS[one.sign]), shortest(one.value), *rates
        else:
            yield _quarters(one.after), say("shows nothing yet at this time"), "–", "–", "–"


def _rate(one: Estimate) -> str:
    return say("{share} ({low} to {high})", share=percent(one.value), low=percent(one.low), high=percent(one.high))


def _quarters(count: int) -> str:
    return say_many("{count} quarter", "{count} quarters", count)


def _wire_note(found: TripWires) -> str:
    one = found.wires[0]
    return say(
        "Signs are what the team's own records show since it began. Values were chosen on half of the sets; the rates, with"
        " {confidence} intervals, are counted on the {tested} others, of which {lose} do not pay. In each set touches move"
        " minds as far as its ranges say; whether they do at all is what sim ensemble asks.",
        confidence=confidence(),
        tested=decimal(one.pay + one.lose),
        lose=decimal(one.lose),
    )


def _expected_rows(found: TripWires) -> Iterator[tuple[str, ...]]:
    yield say("after"), say("look at"), say("expect at least")
    for one in _to_expect(found):
        yield _quarters(one.after), say(EARLY_SIGNS[one.sign]), shortest(one.value)
