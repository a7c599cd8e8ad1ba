"""Leads: a model of known truth is found again, records that begin late do not mislead it, and what is left out is said."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from sim.calibrate import overrides
from sim.calibrate.columns import ColumnMapping
from sim.calibrate.errors import ExportError
from sim.calibrate.families import FAMILIES
from sim.calibrate.incidence import LOST, OPEN, PASSED, deviation, incidence
from sim.calibrate.leads import Dates, read_leads
from sim.calibrate.likelihood import Posterior
from sim.calibrate.wins import Range, answers, checks, fitted
from sim.report.answers.leads import LeadsToCome
from sim.scenario import load
from tests.calibrate import losing

AS_OF = dt.date(2018, 3, 31)
# of leads, won
SOURCES = {
    "organic_search": (0.30, 0.15),
    "social": (0.15, 0.08),
    "referral": (0.05, 0.25),
    "email": (0.50, 0.12),
}
MEDIAN, SIGMA = 20.0, 1.0


def company(seed, leads=2_000, days=365):
    """Leads of known shares and times: rows (source, first contact, day of the win if it is ever won)."""
    rng = np.random.default_rng(seed)
    names = list(SOURCES)
    found = []
    for name in rng.choice(names, leads, p=[SOURCES[name][0] for name in names]):
        first = AS_OF - dt.timedelta(days=int(rng.integers(0, days)))
        wait = int(np.exp(np.log(MEDIAN) + SIGMA * rng.standard_normal()))
        found.append((name, first, first + dt.timedelta(days=wait) if rng.random() < SOURCES[name][1] else None))
    return found


def export(path, rows, as_of=AS_OF, recorded_since=None):
    """A CRM's export of them: wins that are not known on that day, or were not on record, are blank."""
    lines = ["lead,first_contact_on,source,won_on"]
    for number, (source, first, won) in enumerate(rows):
        known = won is not None and won <= as_of and (recorded_since is None or won >= recorded_since)
        lines.append(f"{number},{first},{source},{won if known else ''}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    path = export(tmp_path_factory.mktemp("leads") / "leads.csv", company(1, leads=600), recorded_since=dt.date(2017, 9, 1))
    return read_leads(path, Dates(AS_OF, recorded_since=dt.date(2017, 9, 1))).cells


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_slopes_and_curvature_are_those_of_finite_differences(cells, family):
    posterior = Posterior(cells, family, (0.3, 0.2, 0.2))
    at = posterior.start() + 0.1 * np.random.default_rng(2).standard_normal(posterior.size)
    _, slope = posterior.negative(at)
    curvature = posterior.curvature(at)
    for number, step in enumerate(1e-5 * np.eye(posterior.size)):
        above, below = posterior.negative(at + step), posterior.negative(at - step)
        assert slope[number] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(curvature[number], (above[1] - below[1]) / 2e-5, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("lost", FAMILIES, ids=lambda family: family.name)
def test_slopes_and_curvature_with_losses_are_those_of_finite_differences(tmp_path, family, lost):
    """Losses of known and of unknown day, wins of unknown day, and records that begin late."""
    rows = losing.export(tmp_path / "leads.csv", losing.rows("mixture", 0.3, 1, leads=200)).read_text().splitlines()
    blanked = [row.replace(row.split(",")[2], "") if number % 9 == 1 else row for number, row in enumerate(rows)]
    (tmp_path / "leads.csv").write_text("\n".join(blanked) + "\n")
    dates = Dates(losing.AS_OF, recorded_since=losing.AS_OF - dt.timedelta(days=60))
    cells = read_leads(tmp_path / "leads.csv", dates).cells
    assert (cells.lost_since < cells.lost_until).any()
    assert (cells.won_since < cells.won_until).any()
    posterior = Posterior(cells, family, (0.3, 0.2, 0.2), lost)
    at = posterior.start() + 0.1 * np.random.default_rng(2).standard_normal(posterior.size)
    _, slope = posterior.negative(at)
    curvature = posterior.curvature(at)
    for number, step in enumerate(1e-5 * np.eye(posterior.size)):
        above, below = posterior.negative(at + step), posterior.negative(at - step)
        assert slope[number] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-4, abs=1e-3)
        np.testing.assert_allclose(curvature[number], (above[1] - below[1]) / 2e-5, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_has_its_density_and_its_quantiles(family):
    z = np.linspace(-3.0, 3.0, 7)
    np.testing.assert_allclose(
        family.density(z), (family.share(z + 1e-6) - family.share(z - 1e-6)) / 2e-6, rtol=1e-6, atol=1e-9
    )
    for share in (0.5, 0.9):
        assert family.share(np.array([family.quantile(share)]))[0] == pytest.approx(share)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_late_wins_keep_their_share(family):
    """Where all but nothing is won already, a day's share is still its density times its length, to a thousandth."""
    z, step = np.array([2.0, 3.0, 3.4]), 1e-5
    assert family.between(z, z + step) / step == pytest.approx(family.density(z + step / 2.0), rel=1e-3)


def test_a_known_company_is_found_again(tmp_path):
    rows = company(3)
    found = {one.source: one for one in answers(read_leads(export(tmp_path / "leads.csv", rows), Dates(AS_OF)), None)}
    for name, (_, share) in SOURCES.items():  # no farther off than twice half the 95 % interval: alpha 0.0001 each
        assert abs(found[name].chance.value - share) < found[name].chance.high - found[name].chance.low, name
    assert found["all"].median_days.low <= MEDIAN <= found["all"].median_days.high
    assert found["all"].won == sum(won is not None and won <= AS_OF for _, _, won in rows)
    assert sum(one.leads for name, one in found.items() if name != "all") == found["all"].leads == len(rows)


def test_a_late_beginning_of_records_misleads_those_alone_who_do_not_say_so(tmp_path):
    """Wins on record from half a year before the export on: the share is found if that is said, and is too small if not."""
    since = dt.date(2017, 10, 1)
    rows = company(4, leads=4_000)
    path, whole = (
        export(tmp_path / "leads.csv", rows, recorded_since=since),
        sum(share * won for share, won in SOURCES.values()),
    )
    said = answers(read_leads(path, Dates(AS_OF, recorded_since=since)), None)[-1].chance
    silent = answers(read_leads(path, Dates(AS_OF)), None)[-1].chance
    assert said.low <= whole <= said.high
    assert silent.high < whole


def test_earlier_leads_only_tell_how_long_wins_take_and_answers_are_of_those_asked_about(tmp_path):
    since = dt.date(2018, 1, 1)
    rows = company(5)
    path = export(tmp_path / "leads.csv", rows, recorded_since=dt.date(2017, 12, 5))
    alone = answers(read_leads(path, Dates(AS_OF, since)), None)[-1]
    helped = answers(read_leads(path, Dates(AS_OF, since, dt.date(2017, 12, 5))), None)[-1]
    assert alone.leads == helped.leads == sum(first >= since for _, first, _ in rows)
    assert helped.median_days.high - helped.median_days.low < alone.median_days.high - alone.median_days.low


def test_a_forecast_begins_with_what_is_won_and_grows_to_what_will_be(tmp_path):
    leads = read_leads(export(tmp_path / "leads.csv", company(6, leads=800)), Dates(AS_OF))
    today, soon, late = (answers(leads, AS_OF + dt.timedelta(days=days))[-1] for days in (0, 30, 3_000))
    assert (today.wins.value, today.wins.low) == (today.won, today.won)
    assert today.won < soon.wins.value < late.wins.value
    assert late.wins.value == pytest.approx(late.leads * late.share.value, rel=0.01)


def test_small_sources_are_drawn_towards_the_others(tmp_path):
    rows = company(7) + [("display", AS_OF - dt.timedelta(days=200), AS_OF - dt.timedelta(days=190))] * 2
    rows += [("display", AS_OF - dt.timedelta(days=200), None)]
    found = {one.source: one for one in answers(read_leads(export(tmp_path / "leads.csv", rows), Dates(AS_OF)), None)}
    assert found["all"].chance.value < found["display"].chance.value < 0.5 < 2 / 3
    assert found["display"].chance.high - found["display"].chance.low > 3 * (
        found["email"].chance.high - found["email"].chance.low
    )


def test_what_cannot_be_used_is_left_out_and_said(tmp_path):
    rows = company(8, leads=400)
    path = export(tmp_path / "leads.csv", rows)
    more = [
        "x1,2018-03-01,Social,2018-02-01",
        "x2,2018-05-01,social,",
        "x3,2018-03-01,Organic-Search ,2018-04-20",
        "x4,2018-03-01,,",
    ]
    path.write_text(path.read_text() + "\n".join(more) + "\n")
    leads = read_leads(path, Dates(AS_OF))
    said = [str(one) for one in leads.export.left_out]
    assert said == [
        "1 row left out: won before first contact (row 402)",
        "1 row left out: first contact after 2018-03-31 (row 403)",
    ]
    assert "1 win after 2018-03-31 is taken as open, as it was then" in leads.export.notes
    assert set(leads.labels) == {*SOURCES, "unknown"}
    assert leads.export.rows == len(leads.frame) + 2


def test_sources_are_called_as_the_mapping_says(tmp_path):
    path = export(tmp_path / "leads.csv", company(9, leads=300))
    leads = read_leads(path, Dates(AS_OF), mapping=ColumnMapping(sources={"Organic Search": "search", "email": "search"}))
    assert set(leads.labels) == {"search", "social", "referral"}


def test_too_few_leads_are_refused(tmp_path):
    with pytest.raises(ExportError, match=r"leads\.csv: 10 leads, \d of them won: too few .* at least 30 leads and 5 wins"):
        read_leads(export(tmp_path / "leads.csv", company(10, leads=10)), Dates(AS_OF))


def test_a_forecast_into_the_past_is_refused(tmp_path):
    leads = read_leads(export(tmp_path / "leads.csv", company(11, leads=200)), Dates(AS_OF))
    with pytest.raises(ExportError, match="before 2018-03-31, the day of the export"):
        answers(leads, dt.date(2018, 1, 1))


def test_overrides_make_a_scenario_that_wins_as_many(tmp_path):
    leads = read_leads(export(tmp_path / "leads.csv", company(12, leads=800)), Dates(AS_OF))
    whole = answers(leads, None)[-1]
    overrides.write(overrides.of_leads(leads, whole), tmp_path / "mine.yaml")
    (tmp_path / "scenario.yaml").write_text("name: ours\nextends: mine.yaml\n")
    sales = load(tmp_path / "scenario.yaml").sales
    assert np.prod([stage.pass_share for stage in sales.stages.values()]) == pytest.approx(whole.chance.value, rel=0.01)
    assert sales.cycle_weeks.median == pytest.approx(whole.median_days.value / 7.0, rel=0.01)


@pytest.mark.slow
def test_what_comes_is_forecast_as_surely_as_is_said(tmp_path):
    """20 companies: wins half a year later inside the 90 % interval for 15 or more, shares inside 95 % for 70 of 80 or more."""
    later, inside, shares = AS_OF + dt.timedelta(days=180), 0, 0
    for seed in range(100, 120):
        rows = company(seed, leads=1_000, days=200)
        found = answers(read_leads(export(tmp_path / "leads.csv", rows), Dates(AS_OF)), later)
        true = sum(won is not None and won <= later for _, _, won in rows)
        inside += found[-1].wins.low <= true <= found[-1].wins.high
        shares += sum(one.chance.low <= SOURCES[one.source][1] <= one.chance.high for one in found[:-1])
    assert inside >= 15
    assert shares >= 70


OPEN_AND_LOST = "Created Date,Close Date,Stage\n"


def rows_of(stages):
    return "".join(f"2018-01-{1 + n % 28:02d},2018-02-{1 + n % 28:02d},{stage}\n" for n, stage in enumerate(stages))


def test_a_close_date_is_a_win_only_where_the_outcome_says_so(written):
    """As Salesforce exports: every opportunity has a close date, open, lost or won."""
    stages = ["Closed Won"] * 10 + ["Closed Lost"] * 20 + ["Proposal"] * 10
    read = read_leads(written(OPEN_AND_LOST + rows_of(stages)), Dates(dt.date(2018, 3, 31)))
    assert int(read.frame["day"].notna().sum()) == 10
    assert int(read.frame["is_lost"].sum()) == 20
    assert any("10 dates are ignored, as column 'Stage' says neither won nor lost" in note for note in read.export.notes)


def test_dates_of_closing_and_no_outcome_are_refused_unless_all_are_wins(written):
    rows = "".join(f"2018-01-{1 + n % 28:02d},2018-02-{1 + n % 28:02d}\n" for n in range(40))
    path = written("Created Date,Close Date\n" + rows)
    with pytest.raises(ExportError, match=r"no column says which leads are won: 'Close Date' has a day in 100% .*--all-won"):
        read_leads(path, Dates(dt.date(2018, 3, 31)))
    assert int(read_leads(path, Dates(dt.date(2018, 3, 31)), all_won=True).frame["is_won"].sum()) == 40


def test_days_of_wins_nearly_everywhere_are_called_strange(written):
    rows = "".join(f"2018-01-{1 + n % 28:02d},2018-02-{1 + n % 28:02d}\n" for n in range(40))
    read = read_leads(written("Created Date,Won Date\n" + rows), Dates(dt.date(2018, 3, 31)))
    assert any("100% of leads have a date in column 'Won Date'" in note for note in read.export.notes)


def test_an_outcome_that_calls_none_won_is_not_passed_over(written):
    rows = "".join(f"2018-01-{1 + n % 28:02d},{'2018-02-10' if n % 3 else ''},Open\n" for n in range(40))
    with pytest.raises(ExportError, match=r"40 leads, 0 of them won: too few .*open: 'Open' \(40\)"):
        read_leads(written(OPEN_AND_LOST + rows), Dates(dt.date(2018, 3, 31)))


def test_leads_nearly_all_of_which_are_won_make_a_scenario_too(tmp_path):
    """No stage passes all: a share of next to 1 would else be written as 1, which no scenario may have."""
    read = read_leads(export(tmp_path / "leads.csv", company(1, leads=400)), Dates(AS_OF))
    nearly_all = replace(answers(read, None)[-1], chance=Range(0.99999999, 0.9999, 0.9999999999))
    overrides.write(overrides.of_leads(read, nearly_all), tmp_path / "ours.yaml")
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: ours.yaml\n")
    assert all(stage.pass_share < 1.0 for stage in load(tmp_path / "mine.yaml").sales.stages.values())


@pytest.mark.parametrize("company", losing.COMPANIES)
@pytest.mark.parametrize("is_open", [0.0, 0.3, pytest.param(0.9, marks=pytest.mark.slow)])
def test_losses_compete_with_wins(tmp_path, company, is_open):
    """Five kinds of company, none to most leads open: the curve agrees with Aalen and Johansen's estimate; bounds hold."""
    count = 300 if is_open == 0.0 else 1_500
    rows = losing.rows(company, is_open, seed=7, leads=count)
    path = losing.export(tmp_path / "leads.csv", rows)
    if sum(won and end <= losing.AS_OF for _, won, end in rows) < 5:
        with pytest.raises(ExportError, match="too few to learn from"):
            read_leads(path, Dates(losing.AS_OF))
        return
    leads = read_leads(path, Dates(losing.AS_OF))
    draws = fitted(leads)
    whole = answers(leads, losing.AS_OF + dt.timedelta(days=2_000), draws)[-1]
    known = sum(end <= losing.AS_OF for _, _, end in rows)
    assert whole.leads - whole.open == known
    assert whole.won <= whole.wins.low <= whole.wins.high <= whole.won + whole.open
    assert whole.won <= whole.share.low * count + 1e-6
    assert whole.share.high * count <= whole.won + whole.open + 1e-6
    true = sum(won for _, won, _ in rows)
    assert whole.share.low - 0.05 <= true / count <= whole.share.high + 0.05
    found = checks(leads, draws)
    assert len(found) >= 3
    assert not any(one.is_misfit for one in found)
    with np.errstate(divide="ignore", invalid="ignore"):  # of its deviations, where nobody is left
        library = CumIncidenceRight(*_as_statsmodels(leads))
    for one in found:  # by the library, at the same days
        at = np.searchsorted(library.times, one.day, side="right") - 1
        assert one.counted == pytest.approx(library.cinc[0][at], abs=1e-9)


def _as_statsmodels(leads):
    frame = leads.frame
    days = frame["day"].fillna(frame["lost_day"]).fillna(frame["until"]).to_numpy()
    return days, np.where(frame["is_won"], 1, np.where(frame["is_lost"], 2, 0))


def test_a_curve_that_misses_the_leads_is_said_to(tmp_path):
    """Wins on two days only, weeks apart, as no family of times has them."""
    rows = [
        (losing.AS_OF - dt.timedelta(days=200), won, 3 if early else 90) for won in (True, False) for early in (True, False)
    ]
    rows = [(first, won, first + dt.timedelta(days=days)) for first, won, days in rows * 100]
    leads = read_leads(losing.export(tmp_path / "leads.csv", rows), Dates(losing.AS_OF))
    draws = fitted(leads)
    found = checks(leads, draws)
    assert any(one.is_misfit for one in found)
    said = list(LeadsToCome(leads, answers(leads, None, draws), None, found).sentences())
    assert any("The fitted curve misses these leads" in one for one in said)


def test_the_deviation_of_an_incidence_is_that_of_the_bootstrap_and_of_a_plain_share():
    generator = np.random.default_rng(3)
    days, event = generator.integers(0, 30, 300), generator.choice([OPEN, PASSED, LOST], 300, p=[0.3, 0.45, 0.25])
    cells = np.zeros((3, 30), dtype=np.int64)
    np.add.at(cells, (event, days), 1)
    drawn = generator.multinomial(300, (cells / 300).ravel(), 4_000).reshape(4_000, 3, 30)
    at = [5, 10, 15, 20]
    np.testing.assert_allclose(deviation(cells)[at], incidence(drawn)[0].std(axis=0)[at], rtol=0.06)
    whole = np.zeros((3, 4), dtype=np.int64)
    whole[PASSED] = whole[LOST] = [5, 10, 15, 10]
    assert deviation(whole)[-1] == pytest.approx((0.25 / 80) ** 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("company", losing.COMPANIES)
@pytest.mark.parametrize("is_open", [0.0, 0.3, 0.9])
def test_the_curve_lies_within_the_interval_of_aalen_and_johansen(tmp_path, company, is_open):
    """Of ten exports the curve lies outside on some day in at most two; 95 % hold what is won in the end in eight or more."""
    outside = held = 0
    for seed in range(200, 210):
        rows = losing.rows(company, is_open, seed, leads=400 if is_open == 0.0 else 4_000)
        if sum(won and end <= losing.AS_OF for _, won, end in rows) < 5:
            pytest.skip("hardly any win yet, which is refused")
        leads = read_leads(losing.export(tmp_path / "leads.csv", rows), Dates(losing.AS_OF))
        draws = fitted(leads)
        whole = answers(leads, None, draws)[-1]
        outside += any(one.is_misfit for one in checks(leads, draws))
        held += whole.share.low - 1e-9 <= sum(won for _, won, _ in rows) / len(rows) <= whole.share.high + 1e-9
    assert outside <= 2
    assert held >= 8
