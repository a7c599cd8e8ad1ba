"""Grades of what tools say of worlds whose truth is known: in sentences, as tables, and as a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.frames import Frame
from sim.analysis.grades import by_effect, by_world, grades
from sim.report.answers.base import Answer, TextTable
from sim.report.html.sheet import Part, Sheet
from sim.report.text.cells import dash, frame_of, from_to
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import confidence, money, percent
from sim.version import __version__

GRADES, BY_EFFECT, BY_WORLD, SECONDS = "grades.csv", "by_effect.csv", "by_world.csv", "seconds.csv"
EFFECTS = {"none": later("no effect"), "small": later("small effect"), "as_published": later("effect as published")}
READING = later(
    "Bias: what a tool says less the truth, a mean over worlds. Covers: how often its 90 % interval holds the truth. Rank:"
    " Spearman's correlation over four channels. False alarms: how often it finds an effect where there is none; a tool without"
    " an interval or a test finds one if its value is above zero. Best decision: a team stops if the margin credited is less"
    " than the hours cost, doubles them if it is at least twice that, else keeps them; regret is what the best of the three"
    " would have returned beyond that. In brackets: {confidence} intervals, which more worlds narrow."
)


@dataclass(frozen=True)
class Graded(Answer):
    """Grades of the tools that were run on a bench.

    Attributes
    ----------
    truth, answers, statuses
        As `sim.analysis.grades.by_world` takes them.
    titles
        What each tool is called, with its version.
    """

    truth: Frame
    answers: Frame
    statuses: Frame
    titles: dict[str, str]
    currency: str = "EUR"

    @property
    def worlds(self) -> Frame:
        """A row per tool, method and world."""
        return by_world(self.truth, self.answers, self.statuses)

    @property
    def grades(self) -> Frame:
        """A row per tool, method and measure."""
        return grades(self.worlds)

    def sentences(self) -> Iterable[str]:
        """Say how many worlds there are, and who decides best."""
        found = self.grades
        yield say(
            "{tools} tools were given {worlds} worlds whose truth is known, {none} of them without any effect.",
            tools=decimal(len(self.titles)),
            worlds=decimal(self.truth["world"].nunique()),
            none=decimal(self.truth.loc[self.truth["effect"] == "none", "world"].nunique()),
        )
        for measure in dict.fromkeys(found["measure"]):
            best = found[found["measure"] == measure].sort_values("regret", kind="stable").iloc[0]
            yield say(
                "Judged by {measure}, a team that believes {method} ({tool}) loses least by its decision: {regret} per world.",
                measure=measure + ".csv",
                method=best["method"],
                tool=self.titles[best["tool"]],
                regret=_with(best.to_dict(), "regret", lambda amount: money(amount, self.currency)),
            )
        failed = int((self.statuses["status"] == "failed").sum())
        if failed:
            yield say(
                "Of {runs} runs {failed} failed; they are counted.", runs=decimal(len(self.statuses)), failed=decimal(failed)
            )

    def tables(self) -> Iterable[TextTable]:
        """Show the grades, then answers by effect, then times."""
        yield TextTable(list(self.grade_rows()), [say(READING, confidence=confidence())], left=3)
        yield TextTable(list(self.effect_rows()), left=3)
        yield TextTable(list(self.time_rows()))

    def grade_rows(self) -> Iterable[tuple[str, ...]]:
        """Give a row per tool, method and measure."""
        yield (
            say("tool"), say("method"), say("data"), say("worlds"), say("failed"), say("bias"), say("covers"), say("rank"),
            say("false alarms"), say("finds an effect"), say("best decision"), say("regret"),
        )  # fmt: skip
        for row in self.grades.to_dict("records"):
            shares = [_with(row, name, percent) for name in ("false_alarms", "found", "best")]
            yield (
                self.titles[row["tool"]], row["method"], row["measure"], decimal(row["worlds"]), decimal(row["failed"]),
                _with(row, "bias", money), _with(row, "coverage", percent), dash(row["rank"], lambda one: decimal(one, 2)),
                *shares, _with(row, "regret", money),
            )  # fmt: skip

    def effect_rows(self) -> Iterable[tuple[str, ...]]:
        """Give a row per tool, method, measure and effect."""
        yield say("tool"), say("method"), say("effect"), say("worlds"), say("truth"), say("it says")
        for row in by_effect(self.worlds).to_dict("records"):
            yield (
                self.titles[row["tool"]], row["method"], say(EFFECTS[row["effect"]]), decimal(row["worlds"]),
                money(row["truth"]), _with(row, "value", money),
            )  # fmt: skip

    def time_rows(self) -> Iterable[tuple[str, ...]]:
        """Give a row per tool: its worlds and its time."""
        yield say("tool"), say("worlds"), say("seconds per world")
        for tool, mine in self.statuses.groupby("tool"):
            yield self.titles[str(tool)], decimal(len(mine)), decimal(float(mine["seconds"].mean()), 1)

    def to_dict(self) -> dict[str, Any]:
        """Give all grades."""
        return {
            "worlds": int(self.truth["world"].nunique()),
            "grades": self.grades.to_dict("records"),
            "by_effect": by_effect(self.worlds).to_dict("records"),
            "seconds": self.statuses.groupby("tool")["seconds"].mean().to_dict(),
        }

    def markdown(self) -> str:
        """Write the tables as Markdown."""
        return "\n\n".join(_markdown(rows) for rows in (self.grade_rows(), self.effect_rows(), self.time_rows())) + "\n"

    def sheet(self) -> Sheet:
        """Lay out the page."""
        seeds = sorted(set(self.truth["seed"]))
        return Sheet(
            say("What do tools that measure marketing get right?"),
            say("Simulated, not observed: every world has a twin without social media, so what it brought is known."),
            list(self.sentences()),
            [
                Part(say("Grades"), say(READING, confidence=confidence()), shown=frame_of(self.grade_rows()), table=GRADES),
                Part(
                    say("By effect"),
                    say("What each says on average where there is no effect, a small one, and one as published."),
                    shown=frame_of(self.effect_rows()),
                    table=BY_EFFECT,
                ),
                Part(say("Time"), say("On the machine that ran the bench."), shown=frame_of(self.time_rows()), table=SECONDS),
            ],
            say("sim {version}, seeds {first} to {last}.", version=__version__, first=str(seeds[0]), last=str(seeds[-1])),
            {GRADES: self.grades, BY_EFFECT: by_effect(self.worlds), BY_WORLD: self.worlds, SECONDS: self.statuses},
        )


def _with(row: Mapping[Any, Any], name: str, said: Any) -> str:
    """Write an estimate with its interval, or a dash where it is not defined."""
    if row[name] != row[name]:
        return "–"
    if row[f"{name}_low"] != row[f"{name}_low"]:
        return str(said(row[name]))
    return f"{said(row[name])} ({from_to(said(row[f'{name}_low']), said(row[f'{name}_high']))})"


def _markdown(rows: Iterable[Sequence[str]]) -> str:
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *body])
