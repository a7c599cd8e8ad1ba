"""Leads: a model of known truth is found again, records that begin late do not mislead it, and what is left out is said."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.calibrate import cure, overrides
from sim.calibrate.errors import ExportError
from sim.calibrate.leads import Dates, Range, answers, read_leads
from sim.scenario import load

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


@pytest.mark.parametrize("family", cure.FAMILIES, ids=lambda family: family.name)
def test_slopes_and_curvature_are_those_of_finite_differences(cells, family):
    posterior = cure._Posterior(cells, family, (0.3, 0.2, 0.2))
    at = posterior.start() + 0.1 * np.random.default_rng(2).standard_normal(posterior.size)
    _, slope = posterior.negative(at)
    curvature = posterior.curvature(at)
    for number, step in enumerate(1e-5 * np.eye(posterior.size)):
        above, below = posterior.negative(at + step), posterior.negative(at - step)
        assert slope[number] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(curvature[number], (above[1] - below[1]) / 2e-5, rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("family", cure.FAMILIES, ids=lambda family: family.name)
def test_a_family_has_its_density_and_its_quantiles(family):
    z = np.linspace(-3.0, 3.0, 7)
    np.testing.assert_allclose(
        family.density(z), (family.share(z + 1e-6) - family.share(z - 1e-6)) / 2e-6, rtol=1e-6, atol=1e-9
    )
    for share in (0.5, 0.9):
        assert family.share(np.array([family.quantile(share)]))[0] == pytest.approx(share)


@pytest.mark.parametrize("family", cure.FAMILIES, ids=lambda family: family.name)
def test_late_wins_keep_their_share(family):
    """Where all but nothing is won already, a day's share is still its density times its length, to a thousandth."""
    z, step = np.array([2.0, 3.0, 3.4]), 1e-5
    assert family.between(z, z + step) / step == pytest.approx(family.density(z + step / 2.0), rel=1e-3)


def test_a_known_company_is_found_again(tmp_path):
    rows = company(3)
    found = {one.source: one for one in answers(read_leads(export(tmp_path / "leads.csv", rows), Dates(AS_OF)), None)}
    for name, (_, share) in SOURCES.items():  # no farther off than twice half the 95 % interval: alpha 0.0001 each
        assert abs(found[name].share.value - share) < found[name].share.high - found[name].share.low, name
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
    said = answers(read_leads(path, Dates(AS_OF, recorded_since=since)), None)[-1].share
    silent = answers(read_leads(path, Dates(AS_OF)), None)[-1].share
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
    assert late.wins.value == pytest.approx(late.leads * late.share.value, rel=0.03)


def test_small_sources_are_drawn_towards_the_others(tmp_path):
    rows = company(7) + [("display", AS_OF - dt.timedelta(days=200), AS_OF - dt.timedelta(days=190))] * 2
    rows += [("display", AS_OF - dt.timedelta(days=200), None)]
    found = {one.source: one for one in answers(read_leads(export(tmp_path / "leads.csv", rows), Dates(AS_OF)), None)}
    assert found["all"].share.value < found["display"].share.value < 0.5 < 2 / 3
    assert found["display"].share.high - found["display"].share.low > 3 * (found["email"].share.high - found["email"].share.low)


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
    leads = read_leads(path, Dates(AS_OF), sources={"Organic Search": "search", "email": "search"})
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
    assert np.prod([stage.pass_share for stage in sales.stages.values()]) == pytest.approx(whole.share.value, rel=0.01)
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
        shares += sum(one.share.low <= SOURCES[one.source][1] <= one.share.high for one in found[:-1])
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
    assert any("30 dates are ignored, as column 'Stage' does not mark their leads as won" in note for note in read.export.notes)


def test_dates_nearly_everywhere_and_no_outcome_are_called_strange(written):
    rows = "".join(f"2018-01-{1 + n % 28:02d},2018-02-{1 + n % 28:02d}\n" for n in range(40))
    read = read_leads(written("Created Date,Close Date\n" + rows), Dates(dt.date(2018, 3, 31)))
    assert any("100% of leads have a date in column 'Close Date'" in note for note in read.export.notes)


def test_an_outcome_that_calls_none_won_is_not_used(written):
    rows = "".join(f"2018-01-{1 + n % 28:02d},{'2018-02-10' if n % 3 else ''},Open\n" for n in range(40))
    read = read_leads(written(OPEN_AND_LOST + rows), Dates(dt.date(2018, 3, 31)))
    assert int(read.frame["day"].notna().sum()) == 26
    assert any("marks no lead as won" in note for note in read.export.notes)


def test_leads_nearly_all_of_which_are_won_make_a_scenario_too(tmp_path):
    """No stage passes all: a share of next to 1 would else be written as 1, which no scenario may have."""
    read = read_leads(export(tmp_path / "leads.csv", company(1, leads=400)), Dates(AS_OF))
    nearly_all = replace(answers(read, None)[-1], share=Range(0.99999999, 0.9999, 0.9999999999))
    overrides.write(overrides.of_leads(read, nearly_all), tmp_path / "ours.yaml")
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: ours.yaml\n")
    assert all(stage.pass_share < 1.0 for stage in load(tmp_path / "mine.yaml").sales.stages.values())
