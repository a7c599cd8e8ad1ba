"""Questions to a company, each with its key, unit, example and bounds; and its answers, read."""

from dataclasses import dataclass
from typing import Literal

from sim.report.text.translation import later

Kind = Literal["text", "year", "currency", "count", "rate", "money", "share", "months", "hours"]

UNKNOWN = frozenset(
    {"", "?", "-", "unknown", "i don't know", "i do not know", "don't know", "n/a", "na", "inconnu", "je ne sais pas"}
)


@dataclass(frozen=True)
class Question:
    """One number, or word, that a company is asked for.

    Attributes
    ----------
    key
        As answers in a file name it.
    asks
        What is asked, with its unit, in words to be translated.
    example
        An answer as someone might write it.
    kind
        How an answer is read.
    low, high
        Least and largest answer that is possible.
    """

    key: str
    asks: str
    kind: Kind
    example: str
    low: float = 0.0
    high: float = 1e12


QUESTIONS = (
    Question("name", later("What is the company called?"), "text", "Her Firm"),
    Question("year", later("In which year do the hours begin?"), "year", "2026", low=2000, high=2100),
    Question("currency", later("In which currency are amounts?"), "currency", "EUR"),
    Question(
        "target_accounts",
        later("How many companies could buy from you (target accounts, customers included)?"),
        "count", "800", low=1, high=200_000,
    ),
    Question("deals_per_year", later("How many deals do you win per year now?"), "rate", "45", low=0.01, high=1e6),
    Question(
        "deal_value",
        later("What is a deal worth on average in its first year?"),
        "money", "18000", low=0.01, high=1e11,
    ),
    Question("margin", later("Which share of that is margin?"), "share", "70 %", low=0.0, high=1.0),
    Question("customers", later("How many customers do you have now?"), "count", "150", high=200_000),
    Question(
        "renewal_rate",
        later("Which share of contracts is renewed each year?"),
        "share", "86 %", low=0.001, high=0.999,
    ),
    Question(
        "cycle_months",
        later("How many months pass on average from first talk to signature?"),
        "months", "5", low=0.25, high=60,
    ),
)  # fmt: skip
PERSON = (
    Question("name", later("Who does it? (empty: nobody else)"), "text", "Anna"),
    Question("hours", later("How many hours per week does {name} give?"), "hours", "6", low=0.1, high=40),
    Question("cost_per_hour", later("What does an hour of {name} cost?"), "money", "55", high=1e9),
)
CHANNELS = Question(
    "channels",
    later("On which channels? (linkedin, x, blog, youtube, facebook, forum; with commas between them)"),
    "text",
    "linkedin, blog",
)
NOW = (
    Question("hours", later("How many hours per week go to social media now?"), "hours", "0", high=1000),
    Question("followers", later("How many followers do you have there now?"), "count", "400", high=10_000_000),
    Question("months", later("For how many months has it been so?"), "months", "18", high=600),
)


@dataclass(frozen=True)
class Person:
    """Someone who gives hours to social media; None where it is not known."""

    name: str
    hours: float | None = None
    cost_per_hour: float | None = None


@dataclass(frozen=True)
class Now:
    """Today's social media: hours per week, followers over all channels, and for how many months."""

    hours: float = 0.0
    followers: float = 0.0
    months: float = 0.0


@dataclass(frozen=True)
class Answers:
    """A company in about ten numbers; None where it is not known. Shares are parts of 1, amounts in `currency`."""

    name: str
    year: int
    currency: str = "EUR"
    target_accounts: int | None = None
    deals_per_year: float | None = None
    deal_value: float | None = None
    margin: float | None = None
    customers: int | None = None
    renewal_rate: float | None = None
    cycle_months: float | None = None
    people: tuple[Person, ...] = ()
    channels: tuple[str, ...] = ()
    now: Now = Now()
