"""Pages of surveys, ensembles and backcasts: whole, offline, and with everything in them escaped."""

import datetime as dt
import functools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.backcast import BY_NAME, Actual, Compared
from sim.calibrate.exports import Export
from sim.experiment import ignorance
from sim.experiment.ensemble import Drawn, Ensemble, Evidence, Member
from sim.experiment.lived import Lived
from sim.experiment.pilots import RECORDS, SURVEY
from sim.experiment.population import Firm
from sim.experiment.statistics import Estimate
from sim.experiment.survey import Pool, table
from sim.experiment.ways import Ahead, OfWay, Weighed
from sim.report.answers import backcast, ensemble_numbers, ensemble_sheet, survey
from sim.report.answers import ensemble as words
from sim.report.answers.ensembled import Ensembled
from sim.report.html.sheet import write
from sim.scenario.schema.facts import Fact
from tests.small import small

EVIL = "<script>alert(1)</script>"
FACTS = {EVIL: Fact(outcome="deals", low=1.0, high=2.0, source="=cmd()")}
CURRENCY = "EUR"


@functools.cache
def ensemble(
    returns=(10_000.0, 40_000.0), none_returns=(-5_000.0, -9_000.0), drawn=60, spread=2_000.0, hangs_on_margin=0.0, hidden=0
):
    """Sixty sets of either kind; returns at 5 and 20 hours, much the same for all of a kind. And what to decide."""
    generator = np.random.default_rng(1)
    margins = 0.4 + 0.001 * generator.permutation(2 * drawn)
    members = [
        Member(n, {"effects.year_of_posts": 1.2 + 0.01 * n, "sales.margin": margins[n]}, has_effect, small())
        for n, has_effect in enumerate([True] * drawn + [False] * drawn)
    ]
    means = np.array([returns if one.has_effect else none_returns for one in members])
    found = means + hangs_on_margin * (margins - margins.mean())[:, None] + generator.normal(0.0, spread, means.shape)
    again = np.full_like(found, np.nan)
    again[::6] = found[::6] + generator.normal(0.0, spread / 4.0, found[::6].shape)
    signs = np.exp(generator.normal(0.0, 1.0, (len(members), 3, 4)))
    signs[:, 2, 0] += np.where([one.has_effect for one in members], 100.0, 0.0)  # after four quarters it shows
    signs[:, :hidden] = np.nan
    noise = np.where(np.isnan(signs), np.nan, generator.normal(0.0, 1.0, signs.shape))
    lived = Lived(
        (5.0, 20.0), found, again, np.array([one.has_effect for one in members]), np.ones(len(members)),
        {RECORDS: np.log1p(signs), SURVEY: noise}, np.full((len(members), 3), [100.0, 200.0, 400.0]), 1.25 * found, 0.1,
    )  # fmt: skip
    shown = np.full((len(members), 1), 1.5)
    told = Ensemble(Drawn(members, [7]), lived, FACTS, [Evidence(FACTS[EVIL], shown, np.ones_like(shown))])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ignorance, "RESAMPLES", 60)  # not 200: what is said is looked at, and not how far it may be off
        return told, told.decide(0.4, 1)


def over_time(first: str = "X") -> Weighed:
    """Three policies against 20 h/week: one returns more for less money, one less for more, of the last nothing can be told."""

    def about(value: float, half: float = 2_000.0) -> Estimate:
        return Estimate(value, value - half, value + half)

    def way(hours: float | None, mean: float) -> OfWay:
        return OfWay(hours, about(mean), about(2.0 * mean), about(-mean), about(3.0 * mean, 0.0))

    ways = (
        way(0.0, 0.0),
        way(5.0, 10_000.0),
        way(20.0, 30_000.0),
        way(None, 36_000.0),
        way(None, 25_000.0),
        way(None, 31_000.0),
    )
    ahead = (
        Ahead(about(6_000.0), about(9_000.0)),
        Ahead(about(-5_000.0), about(-7_000.0)),
        Ahead(about(1_000.0), about(-400.0)),
    )
    return Weighed((first, "Y", "Z"), 20.0, ways, ahead)


def page_of(folder: Path) -> str:
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert EVIL not in text
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text), "opens offline"
    assert not list(folder.glob("*.unfinished"))
    return text


def test_the_page_of_an_ensemble(tmp_path):
    scenario = small().replace(name=EVIL)
    write(ensemble_sheet.sheet_of(*ensemble(), scenario, [EVIL]), tmp_path)
    text = page_of(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(ensemble_sheet.FILES)
    assert "It depends on what nobody knows. On average over 120 sets of assumptions 20 h/week returns most" in text
    assert "'=cmd()" in (tmp_path / "facts.csv").read_text(), "no formula for a spreadsheet"
    members = pd.read_csv(tmp_path / "members.csv")
    assert members["weight"].sum() == pytest.approx(1.0)
    assert members["discounted_return at 20"].notna().all()
    assert members["discounted_return again at 20"].notna().sum() == 20


def test_hours_over_time_are_told_by_what_they_return_more_and_cost_less(tmp_path):
    """In sentences, as a table, for programs, and on the page, where a name is no markup."""
    decided = ensemble()
    answer = Ensembled(*decided, CURRENCY, over_time())
    text = " ".join(answer.sentences())
    assert (
        "X: returns 6,000 EUR more on average than 20 h/week throughout, the best constant level (90 % interval 4,000" in text
    )
    assert "to 8,000 EUR). It costs 9,000 EUR less (7,000 to 11,000). Y: returns 5,000 EUR less on average than" in text
    assert "of the difference -7,000 to -3,000 EUR). It costs 7,000 EUR more (5,000 to 9,000). Z: cannot be told" in text
    assert "The difference is 1,000 EUR on average (90 % interval -1,000 to 3,000 EUR)." in text
    table = next(one for one in answer.tables() if "more than the best constant level" in one.rows[0])
    assert [row[0] for row in table.rows] == ["hours per week", "zero hours", "5 h/week", "20 h/week", "X", "Y", "Z"]
    last = [row[-1] for row in table.rows[4:]]
    assert last == ["6,000 (4,000 to 8,000)", "-5,000 (-7,000 to -3,000)", "1,000 (-1,000 to 3,000)"]
    given = answer.to_dict()
    assert given["against_hours"] == 20.0
    assert [(one["policy"], one["gain"]["value"], one["saved"]["value"]) for one in given["policies"]] == [
        ("X", 6_000.0, 9_000.0), ("Y", -5_000.0, -7_000.0), ("Z", 1_000.0, -400.0)
    ]  # fmt: skip
    assert "policies" not in Ensembled(*decided, CURRENCY).to_dict()
    write(ensemble_sheet.sheet_of(*decided, small(), [], over_time(EVIL)), tmp_path)
    assert "Hours over time" in page_of(tmp_path)
    kept = pd.read_csv(tmp_path / ensemble_sheet.POLICIES)
    assert kept["more_than_best_constant"].tolist()[3:] == [6_000.0, -5_000.0, 1_000.0]
    assert kept["hours_per_week"].tolist()[:3] == [0.0, 5.0, 20.0]


def said(told):
    return " ".join(words.sentences(told[1], CURRENCY))


def test_a_decision_that_hangs_on_a_belief_says_which():
    """40 against -9 (thousand): hours pay while the chance that buyers are not moved is below 82 %."""
    text = said(ensemble())
    assert "It depends on what nobody knows" in text
    assert re.search(r"no buyer's mind to be below 8[12] % \(8\d % to 8\d %\)", text)
    assert "This answer takes that chance to be 40 % (40 % to 40 %)" in text
    assert "No other single guess is shown to be worth knowing" in text
    assert "How they differ is ignorance" in text


def test_returns_are_discounted_and_the_plain_sum_stands_beside():
    told = ensemble()[1]
    assert "Returns are discounted by 10 % per year. The plain sum of 20 h/week is " in said((None, told))
    assert "discounted by 10 % per year but where it says not" in words.in_short(told, CURRENCY).notes[0]
    assert words.rows(told)[0][1:3] == ("net return, mean", "not discounted")
    for row in ensemble_numbers.content(told)["levels"]:
        assert row["mean_not_discounted"]["value"] == pytest.approx(1.25 * row["mean"]["value"])


def test_only_a_level_that_is_best_whatever_is_true_is_to_be_funded(tmp_path):
    assert said(ensemble(none_returns=(5_000.0, 30_000.0))).startswith("Fund 20 h/week: it returns most in 100 %")
    found = ensemble(returns=(-10_000.0, -20_000.0), none_returns=(-10_000.0, -20_000.0))
    assert said(found).startswith("Stop: zero hours are best in 100 %")
    write(ensemble_sheet.sheet_of(*found, small(), []), tmp_path)
    assert 'class="answer stop"' in page_of(tmp_path)


def test_where_no_level_pays_on_average_that_is_said():
    text = said(ensemble(returns=(3_000.0, 9_000.0), none_returns=(-20_000.0, -40_000.0)))
    assert "no level of hours pays. The best of them, 5 h/week, returns -" in text
    assert "On average hours pay even if" in said(ensemble(none_returns=(5_000.0, 30_000.0)))
    assert "On average hours lose even if" in said(ensemble(returns=(-9_000.0, -9_000.0)))


def test_a_break_even_at_either_end_is_no_belief_to_compare_with():
    """Means of -200 and 200 EUR among sets that differ by 2,000: luck leaves the other sign open."""
    text = said(ensemble(returns=(-200.0, -9_000.0)))
    assert re.search(r"hours lose on average even if .* they may still pay, while you hold .* to be below \d+ %", text)
    text = said(ensemble(returns=(9_000.0, 9_000.0), none_returns=(-9_000.0, 200.0)))
    assert re.search(r"hours pay on average even if .* they may still lose, if you hold .* to be above \d+ %", text)


def test_guesses_that_are_worth_knowing_are_named_with_their_intervals():
    told = ensemble(returns=(0.0, 0.0), none_returns=(0.0, 0.0), hangs_on_margin=500_000.0)
    told_of = r"find out first: “margin on deals and renewals [^”]*” \(sales.margin\), worth [\d,]+ \([\d,]+ to [\d,]+\)\."
    assert re.search(told_of, said(told))
    assert ensemble_numbers.guesses_frame(told[1])["guess"].tolist() == ["sales.margin"]


def test_subjects_that_are_worth_knowing_are_named():
    told = ensemble()
    assert re.search(
        r"look into these first: whether and how much buyers are moved \([\d,]+ \([\d,]+ to [\d,]+\)\)\.", said(told)
    )
    assert ensemble_numbers.themes_frame(told[1])["theme"].tolist() == ["minds"]
    told = ensemble(returns=(0.0, 0.0), none_returns=(0.0, 0.0), hangs_on_margin=500_000.0)
    assert ensemble_numbers.content(told[1])["evppi_of_themes"][0]["theme"] == "sales"
    assert words.theme_rows(told[1])[1][0] == "how sales work"


def test_a_pilot_is_worth_what_it_shows():
    told = ensemble()[1]
    text = said((None, told))
    assert "worth most with this test: the team's own records. A pilot at 5 h/week that it judges after 4 quarters" in text
    assert "That is more than its hours cost until then, 400 EUR (400 to 400)." in text
    names, records, survey_row, cost = words.pilot_rows(told)
    assert names == ("the pilot is judged by", "after 1 quarter", "after 2 quarters", "after 4 quarters")
    assert records[1:3] == ("no more than chance", "no more than chance")
    assert re.fullmatch(r"[\d,]+ \([\d,]+ to [\d,]+\)", records[3])
    assert survey_row == ("a survey of recall, 200 buyers per arm", *["no more than chance"] * 3)
    assert cost[1:] == ("100 (100 to 100)", "200 (200 to 200)", "400 (400 to 400)")
    nothing = said(ensemble(returns=(10_000.0, 40_000.0), none_returns=(10_000.0, 40_000.0)))
    assert re.search(
        r"a pilot at 5 h/week shows too little by any test, even after 4 quarters\. Chance .* up to \d+ EUR", nothing
    )
    assert "pilot" not in said(ensemble(hidden=3))


def test_programs_get_every_test_whether_or_not_it_is_beyond_chance():
    rows = ensemble_numbers.content(ensemble()[1])["evsi"]
    assert [(row["test"], row["after_quarters"]) for row in rows] == [(t, n) for t in (RECORDS, SURVEY) for n in (1, 2, 4)]
    assert [row["is_beyond_chance"] for row in rows] == [False, False, True, False, False, False]
    assert ensemble_numbers.pilots_frame(ensemble()[1])["cost"].tolist() == pytest.approx([100.0, 200.0, 400.0] * 2)


def test_every_figure_of_a_level_has_its_interval():
    for row in ensemble_numbers.content(ensemble()[1])["levels"]:
        for name in ("mean", "pays", "worst_5", "regret", "best"):
            assert row[name]["low"] <= row[name]["value"] <= row[name]["high"], name


def surveyed():
    """Thirty executives who all say that 5 % of sales began on social media."""
    firms = [Firm(small(), number % 2 == 0, number % 3 == 0) for number in range(30)]
    answers = {"hours": np.full(30, 5.0), "share": np.full(30, 0.05)}
    lived = {name: np.ones(30) for name in ("deals_by_horizon", "net_deals_by_horizon_expected", "begun")}
    pool = Pool(firms, lived, answers)
    return survey.Surveyed(pool, table(pool, 20), 20, 1)


def test_the_page_of_a_survey(tmp_path):
    write(surveyed().sheet(), tmp_path)
    assert "say that up to 5" in page_of(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(survey.FILES)


def backcasted():
    """Four months of leads, one of them beyond all worlds, and of followers."""
    days = tuple(dt.date(2012, month, 1) for month in range(1, 6))
    export = Export(Path(f"{EVIL.replace('/', '')}.csv"), pd.DataFrame(), 4)
    worlds = np.tile(np.linspace(5.0, 15.0, 21)[:, None], (1, 4))
    values = {"leads": np.array([10.0, np.nan, 99.0, 10.0]), "followers": np.array([9.0, 10.0, 11.0, 12.0])}
    actual = Actual(export, days, values)
    found = [Compared(BY_NAME[name], given, worlds) for name, given in values.items()]
    return backcast.Backcast(actual, found, small(), 21, 1)


def test_the_page_of_a_backcast(tmp_path):
    write(backcasted().sheet(), tmp_path)
    text = page_of(tmp_path)
    assert "<script>" not in text
    assert "Of 2 series from January 1, 2012 to May 1, 2012, 1 lie within the range of 90 %" in text
    rows = pd.read_csv(tmp_path / "backcast.csv")
    assert rows.loc[rows["is_outside"], ["series", "from"]].to_numpy().tolist() == [["leads", "2012-03-01"]]


def test_a_published_fact_that_no_set_comes_near_is_said_first():
    found, _ = ensemble()
    fact = Fact(outcome="deals", low=40.0, high=50.0)
    shown = np.full((120, 1), 1.5)
    far = replace(found, facts={"deals": fact}, evidence=[Evidence(fact, shown, np.ones_like(shown))])
    text = said((far, far.decide(0.4, 1)))
    assert text.startswith("No set of assumptions comes near the fact deals (40 to 50): the nearest shows 1.5. What follows")
    assert ensemble_numbers.content(far.decide(0.4, 1))["facts_out_of_reach"][0]["nearest"] == 1.5
    assert "comes near" not in said(ensemble())
