"""Answers as people write them, read: 18,000 or 18.000 or 18k, 45 % or 0.45; what could be read two ways is refused."""

import datetime as dt
import difflib
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sim.calibrate.amounts import CURRENCIES, PERCENT, Amount, Separator, amount
from sim.intake.answers import CHANNELS, NOW, PERSON, QUESTIONS, UNKNOWN, Answers, Now, Person, Question
from sim.remarks import remark
from sim.scenario import ScenarioError
from sim.scenario.presets import has_preset, presets
from sim.scenario.schema.team import HIRED
from sim.scenario.yaml import KeyPath, dotted, read, short

THOUSANDS = {"k": 1e3, "m": 1e6}
SHORT = re.compile(r"(?P<number>.*[0-9])\s*(?P<power>[kKmM])", re.DOTALL)
CODE = re.compile(r"[A-Z]{3}")
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "US$": "USD"}
IN_THEIR_ORDER = frozenset({"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"})  # one unit is worth about one of another
WHOLE, SMALL = frozenset({"count", "money", "rate"}), 1.0
MOST_CHARACTERS, LONGEST_NAME = 200, 100
MOST_PEOPLE = 50
Where = Callable[[KeyPath], tuple[str | None, int | None]]


def read_file(path: str | os.PathLike[str], above: Mapping[str, Any] = MappingProxyType({})) -> Answers:
    """Read the answers of a YAML file; those given `above` it replace its own.

    Raises
    ------
    ScenarioError
        With all that is wrong, each at its line and key, and what would be right.
    """
    text = read(path, as_written=True)
    file = os.fspath(path)

    def where(key: KeyPath) -> tuple[str | None, int | None]:
        if key[:1] and key[0] in above:
            return None, None
        line = next((text.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in text.lines), 1)
        return file, line

    return read_answers({**text.data, **above}, where)


def read_answers(data: Mapping[str, Any], where: Where = lambda key: (None, None)) -> Answers:
    """Read answers that are given by key: texts as people write them, or numbers.

    Parameters
    ----------
    data
        The answers: `name, year, currency, target_accounts, deals_per_year, deal_value, margin, customers, renewal_rate,
        cycle_months, people: [{name, hours, cost_per_hour}], channels, now: {hours, followers, months}`. All but the name may
        be missing, or `unknown`.
    where
        Tells file and line of a key.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    reader = _Reader(where)
    reader.know(data, (), [one.key for one in QUESTIONS] + ["people", "channels", "now"])
    if str(data.get("name") or "").strip().lower() in UNKNOWN:
        reader.fault(("name",), remark("the company needs a name"), remark("add a line such as name: Her Firm"))
    given = {one.key: reader.take(one, data.get(one.key), (one.key,)) for one in QUESTIONS}
    given["year"] = int(given["year"] or dt.datetime.now(dt.UTC).year)
    given["currency"] = given["currency"] or "EUR"
    people = reader.people(data.get("people"))
    channels = reader.channels(data.get("channels"))
    now = reader.now(data.get("now"))
    reader.check_money(given, people)
    reader.check_together(given)
    if reader.faults:
        raise ScenarioError.of(reader.faults)
    for key in ("target_accounts", "customers"):
        given[key] = None if given[key] is None else int(given[key])
    return Answers(**given, people=people, channels=channels, now=now)


class _Reader:
    """Reads values, and gathers what is wrong with them."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self.faults: list[ScenarioError] = []
        self.refused: set[KeyPath] = set()
        self.currency: str | None = None

    def fault(self, key: KeyPath, fault: str, remedy: str) -> None:
        """Note a fault."""
        file, line = self._where(key)
        self.refused.add(key)
        self.faults.append(ScenarioError(fault, file=file, line=line, key=dotted(key), remedy=remedy))

    def know(self, data: Any, path: KeyPath, names: Iterable[str]) -> bool:
        """Check that something is a mapping of known names."""
        known = list(names)
        if not isinstance(data, Mapping):
            self.fault(
                path,
                remark("{data} is not a mapping", data=_shown(data)),
                remark("give {known}, each with its answer", known=", ".join(known)),
            )
            return False
        for name in data:
            if name not in known:
                self.fault((*path, str(name)), remark("there is no such question"), _nearest(str(name), known))
        return True

    def take(self, question: Question, given: Any, key: KeyPath) -> Any:
        """Read the answer to a question; None if it is not known, or wrong."""
        text = "" if given is None else str(given).strip()
        if isinstance(given, Mapping | list | tuple | bool):
            self.fault(
                key,
                remark("{given} is not an answer", given=_shown(given)),
                remark("write for example {example}, or unknown", example=question.example),
            )
            return None
        if text.lower() in UNKNOWN:
            return None
        try:
            return self._read(question, text)
        except ValueError as error:
            fault, remedy = error.args
            self.fault(key, fault, remedy)
            return None

    def _read(self, question: Question, text: str) -> Any:
        if question.kind == "text":
            if len(text) > LONGEST_NAME or not text.isprintable():
                raise ValueError(f"{short(text)!r} is not a name", f"give at most {LONGEST_NAME} characters on one line")
            return text
        if question.kind == "currency":
            return self._currency(text)
        number = number_of(text, question, self.currency)
        if question.kind == "year" and not number.is_integer():
            raise ValueError(f"{short(text)} is not a year", f"write for example {question.example}")
        return number

    def _currency(self, text: str) -> str:
        code = SIGNS.get(text, text.upper())
        if not CODE.fullmatch(code):
            raise ValueError(f"{short(text)!r} is not a currency", "give its code of three letters, such as EUR, USD or JPY")
        self.currency = code
        return code

    def people(self, given: Any) -> tuple[Person, ...]:
        """Read who does it."""
        if given is None or str(given).strip().lower() in UNKNOWN:
            return ()
        example = "write for example people: [{name: Anna, hours: 6, cost_per_hour: 55}]"
        if not isinstance(given, list | tuple) or len(given) > MOST_PEOPLE:
            self.fault(
                ("people",),
                remark("{given} is not a list of at most {most_people} people", given=_shown(given), most_people=MOST_PEOPLE),
                example,
            )
            return ()
        people = []
        for number, one in enumerate(given):
            key: KeyPath = ("people", number)
            if not self.know(one, key, [question.key for question in PERSON]):
                continue
            found = {question.key: self.take(question, one.get(question.key), (*key, question.key)) for question in PERSON}
            found["name"] = found["name"] or f"person {number + 1}"
            if HIRED.fullmatch(found["name"]):
                self.fault(
                    (*key, "name"),
                    remark("{name} is what a colleague is called who is hired", name=found["name"]),
                    remark("give another name"),
                )
            people.append(Person(**found))
        names = [person.name for person in people]
        for name in {name for name in names if names.count(name) > 1}:
            self.fault(("people",), remark("two people are called {name}", name=name), remark("give each a name of its own"))
        return tuple(people)

    def channels(self, given: Any) -> tuple[str, ...]:
        """Read the channels: a list, or a text with commas."""
        if given is None or (isinstance(given, str) and given.strip().lower() in UNKNOWN):
            return ()
        names = given.split(",") if isinstance(given, str) else given
        if not isinstance(names, list | tuple):
            self.fault(
                ("channels",),
                remark("{given} is not a list", given=_shown(given)),
                remark("write for example channels: [{example}]", example=CHANNELS.example),
            )
            return ()
        found = [str(name).strip().lower() for name in names]
        for number, name in enumerate(found):
            if not has_preset(name):
                self.fault(
                    ("channels", number),
                    remark("{name} is not a channel that is known", name=repr(short(name))),
                    _nearest(name, presets()),
                )
        if len(set(found)) < len(found):
            self.fault(("channels",), remark("a channel is there twice"), remark("name each once"))
        return tuple(found)

    def now(self, given: Any) -> Now:
        """Read what is done today."""
        if given is None or (isinstance(given, str) and given.strip().lower() in UNKNOWN):
            return Now()
        if not self.know(given, ("now",), [one.key for one in NOW]):
            return Now()
        return Now(**{one.key: self.take(one, given.get(one.key), ("now", one.key)) or 0.0 for one in NOW})

    def check_money(self, given: Mapping[str, Any], people: tuple[Person, ...]) -> None:
        """Check that amounts are given where no usual one is known in the currency."""
        code = given["currency"]
        if code in IN_THEIR_ORDER:
            return
        why = f"must be given: what is usual is known in euros and the like, not in {code}"
        if given["deal_value"] is None and ("deal_value",) not in self.refused:
            self.fault(("deal_value",), why, remark("give the average value of a deal"))
        if not people:
            self.fault(
                ("people",), remark("cost_per_hour {why}", why=why), remark("name who does it, with hours and cost_per_hour")
            )
        for number, person in enumerate(people):
            key: KeyPath = ("people", number, "cost_per_hour")
            if person.cost_per_hour is None and key not in self.refused:
                self.fault(key, why, remark("give what an hour costs"))

    def check_together(self, given: Mapping[str, Any]) -> None:
        """Check that there are no more customers than companies."""
        accounts, customers = given["target_accounts"], given["customers"]
        if accounts is not None and customers is not None and customers > accounts:
            self.fault(
                ("customers",), remark(
                        "{customers} customers are more than the {accounts} target_accounts",
                        customers=format(customers, "g"),
                        accounts=format(accounts, "g"),
                    ),
                remark("count customers among the target accounts"),
            )  # fmt: skip


def answer_to(question: Question, text: str, currency: str | None = None) -> Any:
    """Read the answer to one question; None if it is not known.

    Raises
    ------
    ScenarioError
        With what is wrong, and what would be right.
    """
    reader = _Reader(lambda key: (None, None))
    reader.currency = currency
    found = reader.channels(text) if question is CHANNELS else reader.take(question, text, (question.key,))
    if reader.faults:
        raise ScenarioError.of([ScenarioError(one.fault, remedy=one.remedy) for one in reader.faults])
    return found


def number_of(text: str, question: Question, currency: str | None = None) -> float:
    """Read a number as people write it.

    A share above 1 is a percentage. Three digits after a single separator are thousands in counts and amounts, and decimals in
    shares, hours and months. `18k` and `1.2m` are thousands and millions.

    Raises
    ------
    ValueError
        With what is wrong, and what would be right.
    """
    example = f"write for example {question.example}, or unknown"
    shortened = SHORT.fullmatch(text) if len(text) <= MOST_CHARACTERS and question.kind in WHOLE else None
    written = shortened["number"] if shortened else text
    found = amount(written)
    if found is None:
        raise ValueError(f"{short(text)!r} is not a number", example)
    _check_unit(found, text, question, currency)
    value = found.value(written, _decimal(found, question)) * (THOUSANDS[shortened["power"].lower()] if shortened else 1.0)
    if value < 0.0:
        raise ValueError(f"{short(text)} is negative", example)
    if question.kind == "share":
        value = _share(value, found)
    if question.kind == "count" and not value.is_integer():
        raise ValueError(f"{short(text)} is not a whole number", example)
    if not math.isfinite(value) or not question.low <= value <= question.high:
        shown = (f"{bound:.12g}" for bound in (question.low, question.high))
        raise ValueError(f"{short(text)} is not possible here", "give {} to {}, or unknown".format(*shown))
    return value


def _check_unit(found: Amount, text: str, question: Question, currency: str | None) -> None:
    if found.percent and question.kind != "share":
        raise ValueError(f"{short(text)} is a percentage", f"write for example {question.example}")
    if found.unit is None:
        return
    if question.kind != "money":
        raise ValueError(f"{short(text)} is an amount of money", f"write for example {question.example}")
    if currency is not None and CURRENCIES.get(currency, currency) != found.unit and CURRENCIES.get(found.unit) != currency:
        raise ValueError(f"{short(text)} is not in {currency}", f"give it in {currency}, or set currency")


def _decimal(found: Amount, question: Question) -> Separator:
    """Tell which separator marks decimals; a single one before three digits is open."""
    if found.decimal is not None:
        return found.decimal
    if found.open is None:
        return "."
    if question.kind in WHOLE:
        return "," if found.open == "." else "."
    return found.open


def _share(value: float, found: Amount) -> float:
    if found.percent or value < SMALL:
        return value
    if value == SMALL:
        raise ValueError("1 may be 1 % or all of it", "write 1 % or 100 %")
    return value / PERCENT


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = [one for one in names if one.startswith(name.lower())] or difflib.get_close_matches(name.lower(), names, 1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return repr(short(str(value)))
