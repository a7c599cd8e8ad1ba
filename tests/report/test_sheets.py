"""Pages of surveys, ensembles and backcasts: whole, offline, and with everything in them escaped."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.backcast import BY_NAME, Actual, Compared
from sim.calibrate.exports import Export
from sim.experiment.ensemble import Drawn, Ensemble, Fitted, Member, Returns
from sim.experiment.population import Firm
from sim.experiment.survey import Pool, table
from sim.report.answers import backcast, ensemble_sheet, survey
from sim.report.answers import ensemble as words
from sim.report.html.sheet import write
from sim.scenario.schema.facts import Fact
from tests.small import small

EVIL = "<script>alert(1)</script>"
FACTS = {EVIL: Fact(outcome="deals", low=1.0, high=2.0, source="=cmd()")}
CURRENCY = "EUR"


def ensemble(with_fit=75, none_fit=60, drawn=100, returns=(10_000.0, 40_000.0), none_returns=(-5_000.0, -9_000.0), usual=None):
    """A hundred members of either kind, so many of which fit; returns at 5 and 20 hours, the same for all members of a kind."""
    generator = np.random.default_rng(1)
    members = [
        Member(n, {"effects.year_of_posts": 1.2 + 0.01 * n, "sales.margin": 0.4 + 0.001 * n}, has_effect, small())
        for n, has_effect in enumerate([True] * drawn + [False] * drawn)
    ]
    fits = np.array([n < with_fit for n in range(drawn)] + [n < none_fit for n in range(drawn)])
    means = np.array([returns if one.has_effect else none_returns for one, fit in zip(members, fits, strict=True) if fit])
    worlds = means.reshape(-1, 2, 1) + generator.normal(0.0, 100.0, (len(means), 2, 3))
    base = np.array([[list(usual or returns)]]).reshape(1, 2, 1).repeat(3, axis=2)
    return Ensemble(
        Drawn(members, [7]),
        Fitted(FACTS, np.where(fits, 1.5, 9.0)[:, None], fits[:, None]),
        Returns((5.0, 20.0), worlds, worlds),
        Returns((5.0, 20.0), base, base),
    )


def page_of(folder: Path) -> str:
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert EVIL not in text
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text), "opens offline"
    assert not list(folder.glob("*.unfinished"))
    return text


def test_the_page_of_an_ensemble(tmp_path):
    scenario = small().replace(name=EVIL)
    write(ensemble_sheet.sheet_of(ensemble(), scenario, [EVIL], 1), tmp_path)
    text = page_of(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(ensemble_sheet.FILES)
    assert "The scenario as it is returns most at 20 h/week. That is best in 56 % of the 135 sets" in text
    assert "'=cmd()" in (tmp_path / "facts.csv").read_text(), "no formula for a spreadsheet"
    members = pd.read_csv(tmp_path / "members.csv")
    assert members["fits"].sum() == 135
    assert members.loc[members["fits"], "net_return at 20"].notna().all()
    assert members.loc[~members["fits"], "net_return at 20"].isna().all()


def said(found):
    return " ".join(words.sentences(found, CURRENCY))


def test_an_ensemble_says_what_the_facts_cannot_tell():
    text = said(ensemble())
    assert "these facts cannot tell whether there is an effect at all" in text
    assert "sets without an effect lose 9,0" in text
    assert "these facts speak for an effect" in said(ensemble(with_fit=95, none_fit=5))
    assert "these facts speak against an effect" in said(ensemble(with_fit=5, none_fit=95))
    assert "too few sets to say" in said(ensemble(with_fit=12, none_fit=6))
    assert "too few of a kind" in said(ensemble(with_fit=5, none_fit=5, drawn=8))


def test_few_sets_that_fit_are_called_few_and_neither_luck_nor_knowing_is_told():
    text = said(ensemble(with_fit=6, none_fit=5))
    assert text.startswith("Only 11 of 200 sets of parameters fit the facts")
    assert "would be worth" not in text
    assert "ignorance" not in text
    enough = said(ensemble())
    assert "would be worth" in enough
    assert "is ignorance" in enough


def test_where_nothing_fits_the_fact_that_is_hardest_is_named():
    text = said(ensemble(with_fit=0, none_fit=0))
    assert text.startswith("None of 200 sets of parameters fits all facts")
    assert "fits least" in text


def test_a_scenario_that_advises_no_hours_is_a_stop(tmp_path):
    found = ensemble(returns=(-1_000.0, -2_000.0), usual=(-1_000.0, -2_000.0))
    assert "The scenario as it is returns most at no hours. That is best in 100 %" in said(found)
    write(ensemble_sheet.sheet_of(found, small(), [], 1), tmp_path)
    assert 'class="answer stop"' in page_of(tmp_path)


def test_only_one_kind_of_member_may_fit(tmp_path):
    for number, found in enumerate((ensemble(none_fit=0), ensemble(with_fit=0))):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(ensemble_sheet.sheet_of(found, small(), [], 1), folder)
        page_of(folder)


def test_guesses_that_go_with_the_return_come_first():
    found = ensemble()
    chosen = [one.values["sales.margin"] for one in found.fitting]
    rising = np.array(chosen)[:, None, None] * np.ones((1, 2, 3))
    table_ = words.guesses(Ensemble(found.drawn, found.fitted, Returns((5.0, 20.0), rising, rising), found.as_it_is), 20.0)
    assert table_["correlation"].iloc[0] == pytest.approx(1.0, abs=1e-3)


def test_ranges_that_the_facts_leave_as_they_were_are_said_to_teach_nothing():
    found = words.learned(ensemble(with_fit=100))
    assert found["range_left"].tolist() == pytest.approx([1.0])
    half = words.learned(ensemble(with_fit=50)).iloc[0]  # the lower half of the range
    assert half["range_left"] < 0.6 < half["by_chance"] < half["by_chance_high"]


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
