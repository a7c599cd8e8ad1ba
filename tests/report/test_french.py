"""Whoever asks for French reads no English: in no answer and no page; and no sentence is made where no catalog sees it."""

import ast
import datetime as dt
import html
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sim.calibrate.backcast import ALL, BY_NAME, Compared
from sim.calibrate.estimates import Estimate, Findings
from sim.calibrate.exports import Export, LeftOut
from sim.calibrate.look import Look, Seen
from sim.calibrate.outcomes import Words
from sim.calibrate.wins import Answer, Check, Range
from sim.experiment import Plan, execute
from sim.experiment.limits import with_lifted
from sim.experiment.optimise import Candidate
from sim.experiment.sensitivity import Index
from sim.measures.trace import trace
from sim.remarks import Remark, remark
from sim.report.answers import ensemble_sheet
from sim.report.answers.backcast import Backcast
from sim.report.answers.comparison import Comparison
from sim.report.answers.ensembled import Ensembled
from sim.report.answers.estimates import Estimates
from sim.report.answers.hours import HoursToFund
from sim.report.answers.leads import LeadsToCome
from sim.report.answers.look import Looked
from sim.report.answers.optimise import BestSplit
from sim.report.answers.sensitivity import Sensitivities
from sim.report.answers.trace import AccountTraced
from sim.report.answers.warnings import Warnings
from sim.report.figures import deal
from sim.report.html import report
from sim.report.html.sheet import write
from sim.report.text import extract_messages
from sim.report.text.remarks import in_language
from sim.report.text.translation import told_in
from tests.calibrate import remarked
from tests.measures.test_trace import US, two_worlds
from tests.places import ROOT
from tests.report.test_sheets import CURRENCY, backcasted, ensemble, over_time, surveyed
from tests.report.test_warnings import flips, wires
from tests.small import small, small_plan
from tests.worlds import scenario

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

SMALL_WORDS = re.compile(r"\b(?:the|of|to|and|with)\b")
HIDDEN = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
LONG = 20  # letters from which on a piece of a message is no accident
SPOKEN_BY = {"say": 1, "later": 1, "say_many": 2}  # how many of the arguments are messages
SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;.]? +[A-Za-z]{2,}|\{\} +[A-Za-z]{2,}|[A-Za-z]{2,}[,:;.]? +\{\}")
SPEAKING = ("answers/*.py", "questions/*.py", "figures/*.py", "figures/charts/*.py", "text/*.py", "html/*.py")
COMMAND = re.compile(r"sim [a-z]+ [A-Z]+\.yaml ")
ALLOWED = {
    "offset points": "a unit of matplotlib", "axes fraction": "a unit of matplotlib",
    "upper left": "a place of matplotlib", "upper right": "a place of matplotlib", "upper center": "a place of matplotlib",
    "lower right": "a place of matplotlib", "outside lower center": "a place of matplotlib",
    "outside lower left": "a place of matplotlib", "outside right upper": "a place of matplotlib",
    "DejaVu Sans": "a font",
    '<th scope="col">{}</th>': "markup",
    '<img src="{}" alt="{}" style="max-width: 100%">': "markup",
    '<div class="wide"{} role="region" tabindex="0" aria-label="{}">{}</div>': "markup",
    "not compared": "a verdict of a backcast, as an id", "zero hours": "a world of a trace, as an id",
    "the scenario": "an origin that nobody is shown",
    "no splits were compared in {folder}, nor hours with ads; see sim optimise, and sim sweep with sponsoring.per_week":
        "an error",
    "nobody reviews the hours in {folder}; see hours_policy.kind": "an error",
    "no input was put to its ends in {folder}; see sim sensitivity": "an error",
}  # fmt: skip


WORDLESS = ("{name} ({count})", "{engagements} engagements", "{word} ({count})", "{words}")  # the same in French


def squeezed(text):
    return " ".join(html.unescape(text).split())


def known():
    """Messages and what they are in French; of one and of many, either."""
    for message in extract_messages.read("fr"):
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            told = message.string if isinstance(message.string, tuple) else (message.string,)
            yield from ((one, " ".join(told)) for one in ids)


@cache
def pieces():
    """Sentences and other long pieces of English messages that their French does not have."""
    return tuple(_pieces())


def _pieces():
    for message, told in known():
        for part in re.split(r"\{\w+\}|[.:;!?]\s", message):
            piece = squeezed(part)
            if len(piece) > LONG and piece not in squeezed(told):
                yield piece


def english(text):
    said = squeezed(text)
    return [piece for piece in pieces() if piece in said]


def told(answer):
    """Whatever an answer says at a terminal."""
    tables = list(answer.tables())
    cells = (cell for table in tables for row in table.rows for cell in row)
    return "\n".join([*answer.sentences(), *cells, *(note for table in tables for note in table.notes)])


def drawn(figure):
    return "\n".join(one.get_text() for one in figure.findobj(Text))


def shown(sheet, folder):
    """Whatever a page says, in its figures too."""
    folder.mkdir()
    write(sheet, folder)
    return "\n".join([(folder / "report.html").read_text(encoding="utf-8"),
                      *(drawn(part.draw()) for part in sheet.parts if part.draw)])  # fmt: skip


def of_leads():
    export = Export(Path("x.csv"), pd.DataFrame(), 40, (LeftOut(remark("won before first contact"), 9, (1, 2, 3)),))
    return next(leads_to_come(export))


def leads_to_come(export):
    share, days = Range(0.25, 0.2, 0.3), Range(90.0, 80.0, 100.0)
    found = [Answer(name, "", 1_040, 50, lost, share, share, days, 300.0, Range(1_060.0, 55.0, 1_070.0))
             for name, lost in (("referrals", 7), ("all", 0))]  # fmt: skip
    checked = [Check(9, 0.1, 0.05, 0.2, 0.12), Check(20, 0.1, 0.05, 0.2, 0.42)]
    for some in (checked, checked[:1]):
        yield LeadsToCome(SimpleNamespace(export=export), found, dt.date(2013, 8, 1), some)


def of_look():
    counts = {"won": 1, "lost": 2, "open": 3, "no": 4, "closed": 5, "unknown": 6}
    words = Words("Stage", {f"x{word}": count for word, count in counts.items()}, {f"x{word}": word for word in counts})
    columns = (Seen("Stage", 9, ("x",), "outcome"), Seen("Other", 9, ("y",), None))
    export = Export(Path("x.csv"), pd.DataFrame(), 40, (LeftOut(remark("won and lost"), 1, (7,)),))
    for refusal, read in ((None, export), ("x", None)):
        yield Looked(Look(Path("x.csv"), "deals", 9, columns, words, read, refusal))


def of_estimates():
    export = Export(Path("x.csv"), pd.DataFrame(), 40, (LeftOut(remark("won and lost"), 1, (7,)),))
    of = remark("{deals} deals", deals=9)
    estimates = [Estimate("a.share", 0.25, 0.2, 0.3, "share", of), Estimate("a.weeks", 12.5, 1.0, 2_000.0, "weeks", of)]
    return Estimates(Findings("stages", export, estimates))


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Leads, findings and records of exports in which there is much to remark."""
    folder = remarked.Folder(tmp_path_factory.mktemp("exports"))
    return [*remarked.leads(folder)], remarked.findings(folder), remarked.actual(folder)


@pytest.fixture(scope="module")
def lifted(tmp_path_factory):
    points = with_lifted(small_plan(2).points[:1], ["reviewers", "acceptance"])
    return execute(Plan("lifted", points, 2, 1), tmp_path_factory.mktemp("lifted") / "run")


@pytest.fixture(scope="module")
def answers(split, at_ends, levels, lifted):
    front = [Candidate({"team.split.content": 0.5, "team.split.dialogue": 0.2}, 1_000.0, 0.5)]
    weighed = [Index("sales.margin", 0.5, 0.05, 0.6, 0.05), Index("market.shortlist.share_without_social", 0.1, 0.1, 0.2, 0.1)]
    return {
        "hours": HoursToFund(levels, with_precision=True),
        "limits": HoursToFund(lifted),
        "splits": BestSplit(split, front=front),
        "inputs": Sensitivities(at_ends, (), weighed),
        "comparison": Comparison.of([split], matters=1e6),
        "selection": Comparison.of([split], matters=1.0),
        "ensemble": Ensembled(*ensemble(), CURRENCY),
        "ensemble that pays": Ensembled(*ensemble(none_returns=(5_000.0, 30_000.0)), CURRENCY),
        "ensemble that stops": Ensembled(*ensemble((-9_000.0, -9_000.0), (-9_000.0, -9_000.0)), CURRENCY),
        "ensemble that loses": Ensembled(*ensemble((3_000.0, 9_000.0), (-20_000.0, -40_000.0)), CURRENCY),
        "ensemble on a guess": Ensembled(*ensemble((0.0, 0.0), (0.0, 0.0), hangs_on_margin=500_000.0), CURRENCY),
        "ensemble with hours over time": Ensembled(*ensemble(), CURRENCY, over_time()),
        "survey": surveyed(),
        "backcast": backcasted(),
        "leads": of_leads(),
        "estimates": of_estimates(),
        "warnings": Warnings(flips(), wires(), CURRENCY, ensemble()[1]),
        "no warnings": Warnings(flips(count=0), wires(losing=3), CURRENCY),
        "warnings of a loss": Warnings(flips(count=1, hours=0.0), wires(losing=39), CURRENCY),
        "trace": AccountTraced(trace(scenario(), *two_worlds(), US), scenario()),
    }


def test_what_looks_for_english_finds_it(answers):
    for name, answer in answers.items():
        assert english(told(answer)), name


def test_no_answer_speaks_english(answers):
    with told_in("fr"):
        for name, answer in answers.items():
            said = told(answer)
            assert english(said) == [], name
            assert SMALL_WORDS.findall(said) == [], name


def test_no_page_of_an_answer_speaks_english(tmp_path):
    with told_in("fr"):
        sheets = (
            ensemble_sheet.sheet_of(*ensemble(), small(), ["sales.margin"]),
            ensemble_sheet.sheet_of(*ensemble(), small(), [], over_time()),
            surveyed().sheet(),
            backcasted().sheet(),
        )
        for number, sheet in enumerate(sheets):
            said = shown(sheet, tmp_path / str(number))
            assert english(said) == []
            assert SMALL_WORDS.findall(HIDDEN.sub(" ", said)) == []
        assert english(drawn(deal.draw(trace(scenario(), *two_worlds(), US), scenario()))) == []


def test_no_report_speaks_english(levels, tmp_path, without_pictures):
    with told_in("fr"):
        report.write([levels], tmp_path / "report.html")
    assert english((tmp_path / "report.html").read_text(encoding="utf-8")) == []


def of_exports(exports):
    leads, found, actual = exports
    parting = [Compared(BY_NAME[name], values, np.ones((5, len(values)))) for name, values in actual.values.items()]
    for one in leads:
        yield from leads_to_come(one.export)
    yield from of_look()
    yield from map(Estimates, found)
    yield Backcast(actual, parting, remarked.SCENARIO, 5, 1)


def test_no_answer_from_an_export_speaks_english(exports):
    assert any(english(told(answer)) for answer in of_exports(exports))
    with told_in("fr"):
        for number, answer in enumerate(of_exports(exports)):
            said = told(answer)
            assert english(said) == [], number
            assert SMALL_WORDS.findall(said) == [], number


def remarks_in(exports):
    """All that is remarked on exports."""
    leads, found, actual = exports
    for export in (*(one.export for one in (*leads, *found)), actual.export):
        yield from (*export.notes, *(one.reason for one in export.left_out))
    for one in found:
        yield from (*one.remarks, *(estimate.of for estimate in one.estimates))
    yield from (one.depends_on for one in ALL if " of " in one.depends_on)


def whole(one):
    """A remark, and those that are values of it."""
    if isinstance(one, Remark):
        yield one
        for value in one.values.values():
            for part in [value] if isinstance(value, str) or not hasattr(value, "__iter__") else value:
                yield from whole(part)


def test_every_remark_on_an_export_has_its_french(exports):
    """Each of the messages of sim/calibrate is among the remarks, and said otherwise in French unless it has no words."""
    found = list(remarks_in(exports))
    assert [one for one in found if not isinstance(one, Remark)] == []
    parts = [part for one in found for part in whole(one)]
    with told_in("fr"):
        assert [one for one in parts if in_language(one) == one and one.message not in WORDLESS] == []
    messages = {message.id if isinstance(message.id, str) else message.id[0] for message in extract_messages.messages()
                if message.id and any(file.startswith("calibrate/") for file, _ in message.locations)}  # fmt: skip
    assert {part.message for part in parts} == messages


class _Unsaid(ast.NodeVisitor):
    """Sentences that are not messages, docstrings, or errors that are raised."""

    def __init__(self):
        self.found = []

    def visit_Raise(self, node):
        """Errors stay English."""

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node):
        messages = SPOKEN_BY.get(node.func.id, 0) if isinstance(node.func, ast.Name) else 0
        for one in (node.func, *node.args[messages:], *node.keywords):
            self.visit(one)

    def visit_JoinedStr(self, node):
        self.look("".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self.look(node.value)

    def look(self, text):
        if SENTENCE.search(text) and not COMMAND.match(text):
            self.found.append(text)


def test_no_sentence_is_made_where_no_catalog_sees_it():
    """Names of the program are ids of one word; what people read comes from `say`, `say_many` or `later`."""
    unsaid = {}
    for path in (path for pattern in SPEAKING for path in sorted((ROOT / "sim/report").glob(pattern))):
        visitor = _Unsaid()
        visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
        unsaid |= dict.fromkeys(visitor.found, path.name)
    assert {text: name for text, name in unsaid.items() if text not in ALLOWED} == {}
    assert set(ALLOWED) == set(unsaid), "every exception is one"


def test_every_message_has_a_french_one_that_someone_looked_at():
    assert [message.id for message in extract_messages.read("fr") if message.id and message.fuzzy] == []
    assert [message for message, told_ in known() if not told_.strip()] == []
    assert "#, fuzzy" not in extract_messages.path_of("fr").read_text(encoding="utf-8")
