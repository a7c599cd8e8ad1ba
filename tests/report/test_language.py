"""The report in another language: nothing is left in English, and numbers are written as its readers write them."""

import ast
import datetime as dt
import string
from gettext import NullTranslations
from pathlib import Path

import pytest

from sim.experiment import Plan, Results, execute
from sim.experiment.designs import CANDIDATE, CASE, HOURS, INPUT, MOVE
from sim.experiment.limits import LIFT, with_lifted
from sim.experiment.sensitivity import END
from sim.report.figures.alt import alt_text
from sim.report.html import report
from sim.report.questions import answerable
from sim.report.text import extract_messages, translation, words
from sim.report.text.translation import ENGLISH, LANGUAGES, day, decimal, month, months, say, say_many, told_in
from sim.scenario import apply
from tests.places import ROOT
from tests.small import review_results, small, small_plan, small_results

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

THIN, HARD = "\u202f", "\u00a0"
OTHERS = [name for name in LANGUAGES if name != ENGLISH]


def placeholders(message):
    return sorted(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def translations(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("name", OTHERS)
def test_the_catalog_has_every_message_translated_and_no_other(name):
    known = {message.id: message for message in extract_messages.read(name) if message.id}
    assert set(known) == {message.id for message in extract_messages.messages() if message.id}
    assert not [one for one, message in known.items() if not all(translations(message))]


def test_the_catalog_has_every_message_wherever_it_stands():
    """What extracts them sees none within an f-string before Python 3.12."""
    known = {part for message in extract_messages.messages() if message.id
             for part in (message.id if isinstance(message.id, tuple) else (message.id,))}  # fmt: skip
    said = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in extract_messages.SPOKEN_BY:
                said |= {one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    assert said - known - {""} == set()


@pytest.mark.parametrize("name", OTHERS)
def test_translations_keep_the_values_of_their_messages(name):
    for message in extract_messages.read(name):
        asked = message.id if isinstance(message.id, str) else message.id[1]
        for told in translations(message):
            assert placeholders(told) == placeholders(asked), asked


class _Missing(NullTranslations):
    """What a catalog does not know comes here."""

    def __init__(self):
        super().__init__()
        self.said = set()

    def gettext(self, message):
        self.said.add(message)
        return message

    def ngettext(self, msgid1, msgid2, n):
        self.said.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory):
    """Results of each kind that a question needs; limits lifted, and worlds in which social media does not pay, among them."""
    folder = tmp_path_factory.mktemp("kinds")
    costly = apply(small(), {"team.members.community_manager.cost_per_hour": 5000.0})
    lifted = with_lifted(small_plan(2).points, ["reviewers", "acceptance"])
    return [
        small_results(folder / "levels", 2),
        small_results(folder / "one", 1, "team.hours_per_week=10"),
        review_results(folder / "reviewed", 2),
        execute(Plan("costly", small_plan().points[:1], 3, 1), folder / "alone"),
        execute(Plan("stop", tuple(one.__class__(one.label, costly, one.settings) for one in small_plan().points), 3, 1),
                folder / "stop"),
        execute(Plan("lifted", lifted, 2, 1), folder / "lifted"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_said_that_the_catalog_does_not_know(
    name, every_kind, split, at_ends, tmp_path, monkeypatch, without_pictures
):
    """Whatever is said on the way, constants and words of the data included, is found in the catalog."""
    missing = _Missing()
    known = translation.catalog.__wrapped__(name)
    known.add_fallback(missing)
    monkeypatch.setattr(translation, "catalog", lambda _: known)
    with told_in(name):
        report.write(every_kind[:1], tmp_path / "report.html")
        for results in (*every_kind[1:], split, at_ends):
            point = words.headline(results).point
            for question in answerable(results):
                alt_text(question.draw(results, point))
                question.tables(results, point)
    assert missing.said == set()


def test_numbers_and_dates_are_written_as_their_readers_do():
    assert (decimal(1234567.891, 2), day(dt.date(2012, 1, 2))) == ("1,234,567.89", "January 2, 2012")
    with told_in("fr"):
        assert decimal(1234567.891, 2) == f"1{THIN}234{THIN}567,89"
        assert (decimal(-0.04, 1), decimal(-1.5, 1)) == ("0,0", "-1,5")
        assert words.money(-12345, "EUR") == f"-12{THIN}300 EUR"
        assert words.percent(0.125, 1) == f"12,5{THIN}%"
        assert day(dt.date(2012, 1, 2)) == "2 janvier 2012"
        assert day(dt.date(2012, 11, 1)) == "1er novembre 2012"
        assert month(dt.date(2012, 2, 1)) == "février 2012"
        assert (months("2012-Feb"), months("05")) == ("2012-févr.", "05")
        assert (words.short(0.1234), words.short(12_345.0)) == ("0,123", f"12{THIN}300")


def named(*points):
    return Results(Path("run"), {"points": [{"label": label, "settings": settings} for label, settings in points]})


def test_points_are_named_by_what_sets_them_apart():
    found = named(
        ("5 h/week", {HOURS: 5.0}),
        ("5 h/week, patience lifted", {HOURS: 5.0, LIFT: "patience"}),
        ("listening > weak_signals", {MOVE: "listening > weak_signals"}),
        ("sales.margin low, 5 h/week", {HOURS: 5.0, INPUT: "sales.margin", END: "low", "value": 0.3}),
        ("as it is", {CANDIDATE: "as it is", HOURS: 5.0}),
        ("found 1", {CANDIDATE: "found 1", HOURS: 12.0}),
        ("margin 0.5, 23.46 h/week", {"sales.margin": 0.5, HOURS: 23.4567}),
        ("22.125 h/week", {HOURS: 22.125}),
        ("7.5 h/week, dear", {HOURS: 7.5, CASE: "dear"}),
    )
    assert words.point_names(found) == [label.replace("_", " ") for label in found.labels]
    with told_in("fr"):
        assert words.point_names(found) == [
            f"5{HARD}h/semaine",
            f"5{HARD}h/semaine, patience{HARD}: limite levée",
            "veille > signaux faibles",
            f"sales.margin bas, 5{HARD}h/semaine",
            "répartition actuelle",
            "trouvée 1",
            f"margin 0.5, 23,46{HARD}h/semaine",
            f"22,125{HARD}h/semaine",
            f"7,5{HARD}h/semaine, dear",
        ]
        assert [words.name_on_hours(found, one) for one in (0, 6, 7, 8)] == [
            "5",
            "margin 0.5, 23,46",
            "22,125",
            f"7,5{HARD}h/semaine, dear",
        ]


def test_a_name_of_its_authors_own_stays_as_it_is():
    names = ("launch {week}", "5 h/week", "found 1", "as it is", "listening > recruiting", "a.b low", "x, pool lifted")
    cases = named(*((name, {CASE: name}) for name in names))
    scenarios = named(*((name, {HOURS: 10.0}) for name in names))
    lifted = named(("launch {week}", {HOURS: 10.0}), ("launch {week}, pool lifted", {HOURS: 10.0, LIFT: "pool"}))
    with told_in("fr"):
        assert words.point_names(cases) == words.point_names(scenarios) == list(names)
        assert words.point_names(lifted) == ["launch {week}", f"launch {{week}}, vivier{HARD}: limite levée"]


def test_one_and_many_follow_the_rules_of_the_language():
    message = ("In {count} world it cannot be told from {others}.", "In {count} worlds it cannot be told from {others}.")
    assert "1 world " in say_many(*message, 1, others="5")
    assert "0 worlds " in say_many(*message, 0, others="5")
    with told_in("fr"):
        said = [" ".join(say_many(*message, count, others="5").split()) for count in (0, 2)]
    assert "0 monde," in said[0]
    assert "2 mondes," in said[1]


def test_a_language_ends_with_its_block_whatever_happens():
    with pytest.raises(ZeroDivisionError), told_in("fr"):
        _ = 1 / 0
    assert translation.spoken() == ENGLISH
    with told_in("fr"):
        with told_in("en"):
            assert say("Published") == "Published"
        assert say("Published") != "Published"


def test_values_are_never_taken_for_messages():
    assert say("{hours} h/week", hours="{level}") == "{level} h/week"
