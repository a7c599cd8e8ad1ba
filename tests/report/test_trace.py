"""A trace in words, as a table and as a figure."""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from sim.cli.console import finite
from sim.experiment.errors import ResultsError
from sim.experiment.plan import Point
from sim.experiment.trace_run import traced
from sim.measures.trace import KINDS, Event, trace
from sim.model import simulate
from sim.model.history import history_of
from sim.report.answers import trace as report
from sim.report.figures import deal
from sim.report.figures.style import save
from sim.scenario import apply
from tests.measures.test_trace import US, two_worlds
from tests.small import small
from tests.worlds import rows, scenario

SEED = 7


@pytest.fixture(scope="module")
def by_hand():
    return trace(scenario(), *two_worlds(), US)


def test_every_kind_of_event_has_words_of_its_own(by_hand):
    table = report.frame(by_hand, scenario())
    assert set(table["kind"]) == set(KINDS)
    assert table.groupby("event")["kind"].nunique().max() == 1
    assert not table["event"].str.contains("_").any()
    told = "\n".join(table["event"])
    for words in (
        "a technical expert starts to follow on network, invited by the team", "by search", "speaks well of us", "is found",
        "its complaint is left without an answer for 67.2 h", "steps back",
        "stalls in “opportunity”", "resumes in “opportunity”",
        "won, 1,000 EUR", "not shortlisted: lost to a rival", "renews its contract", "does not renew",
        "takes 10 % of its trust", "posts seen in January 2012", "gets in touch through the web site",
    ):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"kind": "outreach", "outcome": "missed", "hours": 30.0}, "nobody gets round to its question among peers in 30.0 h"),
        ({"kind": "buyer_message", "outcome": "offline", "hours": 3.0}, "the buyer's message is settled offline"),
        ({"kind": "complaint", "outcome": "answered", "hours": 0.25}, "its complaint is answered after 0.2 h"),
    ],
)
def test_a_message_says_what_became_of_it(detail, said):
    assert report.said(Event(0.0, "message", detail), "EUR") == said


def test_the_table_has_the_chances_of_both_worlds_and_the_draw_they_share(by_hand):
    shown = report.shown(report.frame(by_hand, scenario()))
    row = shown[shown["what happens"] == "the brand is shortlisted"].iloc[0]
    assert (row["chance"], row["draw"], row["week"], row["world"]) == ("0.600 / 0.300", "0.400", "5", "with")
    assert row["would shortlist"] == "0.340 / 0.340"
    assert set(shown.loc[shown["what happens"].str.contains("asks peers"), "chance"]) == {"–"}


def test_sentences_say_what_became_of_purchases_and_what_records_show(by_hand):
    first, second = report.sentences(by_hand, "EUR")
    assert first == "Account 7, in the first world, a customer from the first day: 1 purchase considered."
    assert "won with the hours and lost without them; first set apart by the team's own touch" in second
    assert second.endswith("last touch direct traffic; nothing of social media.")
    lost = replace(by_hand, deals=[], needs=1)
    assert report.sentences(lost, "EUR")[-1] == "It is won in neither world."
    assert report.sentences(replace(lost, needs=2), "EUR")[-1] == "None is won in either world."
    assert report.sentences(replace(by_hand, needs=2), "EUR")[-1] == "1 is won in neither world."


def test_an_account_without_a_need_is_told_of_others(by_hand):
    idle = replace(by_hand, needs=0, deals=[], caused=[3, 1, 8, 9])
    (only,) = report.sentences(idle, "EUR")
    assert "considers no purchase before the horizon" in only
    assert only.endswith(": 3, 1, 8.")
    assert report.others(replace(idle, caused=[])) == "No deal of this world was caused by the hours."


def test_a_trace_can_be_written_as_json(by_hand):
    said = json.loads(json.dumps(finite(report.as_json(by_hand, scenario())), allow_nan=False))
    assert said["account"] == US
    assert len(said["events"]) == len(by_hand.events)
    assert {event["need"] for event in said["events"]} == {0, -1, None}


def test_only_an_account_of_the_market_can_be_followed():
    for account in (300, -1):
        with pytest.raises(ResultsError, match="there are 0 to 299"):
            traced(Point("small", small()), 1, account)


def test_any_account_can_be_drawn(by_hand, tmp_path):
    """By hand; the one to which most happens; one to which nothing does; and nothing is written twice differently."""
    record = simulate(small(), 7, 0)
    touched = Counter(row["account"] for row in rows(record.interactions))
    bought = {row["account"] for row in rows(record.needs)}
    idle = next(account for account in range(299, 0, -1) if account not in bought and not touched[account])
    found = [by_hand, *(traced(Point("small", small()), 7, account) for account in (max(touched, key=touched.get), idle))]
    for number, one in enumerate(found):
        for name in ("one.svg", "two.svg"):
            save(deal.draw(one, small()), tmp_path / name)
        drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
        assert drawn == (tmp_path / "two.svg").read_text(encoding="utf-8")
        text = " ".join(re.findall(r"<text[^>]*>([^<]*)<", drawn))
        assert f"Account {one.account}" in text, number
        assert "zero hours" in text
    assert "considers no purchase" in text


def test_the_figure_says_where_the_worlds_part(by_hand, tmp_path):
    save(deal.draw(by_hand, scenario()), tmp_path / "one.svg")
    drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "the worlds part: chance 0.600 / 0.300, draw 0.400" in drawn
    assert "won with the hours and lost without them, 8 weeks after the first touch" in drawn
    assert all(f">{words}<" in drawn for words in ("won", "not shortlisted"))


def test_accounts_with_a_purchase_under_way_on_the_first_day_are_told_and_drawn(tmp_path):
    """Whatever it went through before: pauses, stages, visits. Nothing of before has a chance or a state of its own."""
    seen = Counter()
    market = apply(small(), {"market.accounts": 1_200, "time.horizon_weeks": 20, "time.run_off_weeks": 30})
    before = [need for need in history_of(market, SEED, 0).open if need.position is not None]
    assert len(before) >= 8
    for need in before[:8]:
        followed = traced(Point("10", market, {}), SEED, need.account.index)
        table = report.frame(followed, market)
        past = table[table["week"] < 0.0]
        assert past[["p", "u", "salience"]].isna().all(axis=None)
        assert past["need"].lt(-1).all(), "every event names its purchase"
        assert next(iter(report.shown(table)["week"])) in {"0", *(str(number) for number in range(-300, 0))}
        save(deal.draw(followed, market), tmp_path / "deal.png")
        seen.update(past["kind"])
        assert "Purchase -" not in "".join(report.sentences(followed, "EUR"))
    assert seen["stands_still"] >= 1
    assert seen["decision"] >= 8
