"""What exports of deals, stages, renewals and channels tell: against formulas, a library, and cases worked by hand."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight

from sim.calibrate import overrides
from sim.calibrate.channels import read_channel
from sim.calibrate.deals import read_deals
from sim.calibrate.errors import ExportError
from sim.calibrate.estimates import share
from sim.calibrate.incidence import LOST, OPEN, PASSED, incidence
from sim.calibrate.renewals import read_renewals
from sim.calibrate.stages import default_stages, read_stages
from sim.experiment.sensitivity import scenario_at
from sim.scenario import Scenario, load_tagged

AS_OF = dt.date(2018, 3, 31)
STAGES = ["first", "second"]


def by_path(found):
    return {one.path: one for one in found.estimates}


def accounted(found):
    assert found.export.rows == len(found.export.frame) + sum(left.count for left in found.export.left_out)
    return found


# deals


def test_the_value_of_deals_is_that_of_the_formulas(written):
    values = np.random.default_rng(1).lognormal(math.log(20_000), 0.8, 60).round(2)
    path = written("Deal ID,Amount\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values)))
    found = by_path(accounted(read_deals(path, all_won=True)))
    median, sigma = (found[f"market.segments.all.deal_value.{name}"] for name in ("median", "sigma"))
    logs = np.log(values)
    interval = stats.t.interval(0.9, 59, logs.mean(), logs.std(ddof=1) / math.sqrt(60))
    assert (median.low, median.high) == pytest.approx(np.exp(interval))
    assert median.value == pytest.approx(stats.gmean(values))
    assert sigma.low**2 == pytest.approx(59 * logs.var(ddof=1) / stats.chi2.ppf(0.95, 59))
    assert sigma.high**2 == pytest.approx(59 * logs.var(ddof=1) / stats.chi2.ppf(0.05, 59))


def test_intervals_of_values_hold_the_truth_as_often_as_they_say(written):
    """200 exports of 25 deals: either interval holds the truth in 90 %, binomial, alpha 0.001."""
    generator = np.random.default_rng(2)
    inside = np.zeros(2)
    for _ in range(200):
        values = generator.lognormal(math.log(20_000), 0.8, 25)
        found = by_path(read_deals(written("amount\n" + "".join(f"{value:.2f}\n" for value in values)), all_won=True))
        median, sigma = found.values()
        inside += [median.low <= 20_000 <= median.high, sigma.low <= 0.8 <= sigma.high]
    assert stats.binomtest(int(inside[0]), 200, 0.9).pvalue > 0.001
    assert stats.binomtest(int(inside[1]), 200, 0.9).pvalue > 0.001


def test_deals_that_are_not_won_or_worth_nothing_are_left_out_and_counted(written):
    rows = (
        "".join(f"{n},{1000 + n},Closed Won\n" for n in range(12)) + "20,500,Closed Lost\n21,0,Closed Won\n22,-5,won\n23,,won\n"
    )
    found = accounted(read_deals(written("Id,Amount,Deal Stage\n" + rows)))
    assert {left.reason: left.count for left in found.export.left_out} == {
        "no value": 1, "not won: 'Closed Lost' (1)": 1, "a value of zero or less": 2,
    }  # fmt: skip
    assert by_path(found)["market.segments.all.deal_value.median"].of == "12 deals"


def test_rows_without_an_id_are_kept_where_the_file_has_no_ids(written):
    found = read_deals(written("amount\n" + "".join(f"{n}\n" for n in range(1, 15))), all_won=True)
    assert len(found.export.frame) == 14


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("amount\n1\n2\n", "too few to learn from"),
        ("amount,currency\n" + "5,EUR\n" * 10 + "5,USD\n", "values are in EUR, USD"),
        ("size\n1\n", "no column for value"),
        ("amount\n" + "ten\n" * 12, "row 2"),
    ],
)
def test_deals_that_cannot_be_used_are_refused(written, text, said):
    with pytest.raises(ExportError, match=said):
        read_deals(written(text), all_won=True)


# stages


def test_incidence_is_that_of_the_library():
    """Aalen and Johansen's estimate, as statsmodels computes it."""
    generator = np.random.default_rng(3)
    days, event = generator.integers(1, 30, 300), generator.choice([OPEN, PASSED, LOST], 300, p=[0.3, 0.45, 0.25])
    cells = np.zeros((3, 30), dtype=np.int64)
    np.add.at(cells, (event, days), 1)
    library = CumIncidenceRight(days, np.where(event == PASSED, 1, np.where(event == LOST, 2, 0)))
    passed, lost = incidence(cells)
    at = library.times.astype(int)
    np.testing.assert_allclose(passed[at], library.cinc[0], rtol=1e-12)
    np.testing.assert_allclose(lost[at], library.cinc[1], rtol=1e-12)


def stages_export(written, rows):
    head = "deal,first_on,second_on,won_on,lost_on\n"
    return written(head + "".join(f"{n},{row}\n" for n, row in enumerate(rows)))


def test_without_deals_that_are_open_the_share_is_counted(written):
    """Known answer: of 40, 30 go on; of those, 24 are won. Jeffreys' interval of as many."""
    rows = ["2018-01-01,2018-01-11,2018-01-31,"] * 24 + ["2018-01-01,2018-01-11,,2018-02-01"] * 6
    rows += ["2018-01-01,,,2018-01-21"] * 10
    found = by_path(accounted(read_stages(stages_export(written, rows), AS_OF, STAGES)))
    first, second = found["sales.stages.first.pass_share"], found["sales.stages.second.pass_share"]
    assert (first.value, second.value) == pytest.approx((0.75, 0.8))
    exact = share("x", 30, 40, "")
    assert (first.low, first.high) == pytest.approx((exact.low, exact.high), abs=0.012)
    assert found["sales.cycle_weeks.median"].value == pytest.approx(30 / 7)
    assert found["sales.stages.first.share_of_cycle"].value == pytest.approx(1 / 3)


def test_deals_that_may_still_pass_are_neither_passed_nor_lost(written):
    """Known answer by hand: 10 pass on day 10, then 10 are last seen on day 20, then 10 are lost and 10 pass on day 30.

    Of those at risk on day 30, half pass: incidence 1/4 + 3/4 x 1/2 = 5/8 passes, 3/8 is lost.
    """
    rows = ["2018-01-01,2018-01-11,2018-01-12,"] * 10 + ["2018-03-11,,,"] * 10
    rows += ["2018-01-01,,,2018-01-31"] * 10 + ["2018-01-01,2018-01-31,2018-02-01,"] * 10
    found = by_path(read_stages(stages_export(written, rows), AS_OF, STAGES))
    assert found["sales.stages.first.pass_share"].value == pytest.approx(5 / 8)
    assert "10 still there" in found["sales.stages.first.pass_share"].of


def test_stages_that_a_deal_skipped_are_entered_with_the_next(written):
    rows = ["2018-01-01,,2018-01-31,"] * 15 + ["2018-01-01,,,2018-01-21"] * 15 + [",2018-01-05,2018-01-09,"] * 10
    found = read_stages(stages_export(written, rows), AS_OF, STAGES)
    paths = by_path(found)
    assert paths["sales.stages.first.pass_share"].value == pytest.approx(0.5)
    assert paths["sales.stages.second.pass_share"].of.startswith("25 deals")
    assert any("15 stages without a day" in note for note in found.export.notes)


def test_what_came_after_the_export_is_not_known_and_what_contradicts_itself_is_left_out(written):
    good = ["2018-01-01,2018-01-11,2018-01-31,"] * 20 + ["2018-01-01,2018-01-11,,2018-02-01"] * 20
    bad = ["2018-02-01,2018-01-11,2018-03-01,", "2018-01-01,,2018-02-01,2018-02-01", ",,,2018-02-01", "2018-03-01,,,2018-02-01"]
    later = ["2018-01-01,2018-01-11,2018-05-01,"]
    found = accounted(read_stages(stages_export(written, [*good, *bad, *later]), AS_OF, STAGES))
    assert {left.reason: left.count for left in found.export.left_out} == {
        "in no stage yet": 1, "won and lost": 1, "a later stage entered before an earlier one, or after the loss": 2,
    }  # fmt: skip
    assert any("1 date after 2018-03-31" in note for note in found.export.notes)
    assert "1 still there" in by_path(found)["sales.stages.second.pass_share"].of


def test_too_few_deals_in_a_stage_are_refused(written):
    with pytest.raises(ExportError, match="10 deals entered first"):
        read_stages(stages_export(written, ["2018-01-01,2018-01-11,2018-01-31,"] * 10), AS_OF, STAGES)


# renewals


def test_renewals_are_counted_and_those_to_come_left_out(written):
    rows = ["2018-01-05,yes"] * 16 + ["2018-02-05,Churned"] * 4 + ["2018-06-01,yes", "2018-01-05,perhaps", ",yes"]
    found = accounted(read_renewals(written("Renewal date,Status\n" + "\n".join(rows) + "\n"), AS_OF))
    (estimate,) = found.estimates
    exact = stats.beta(16.5, 4.5).interval(0.9)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((0.8, *exact))
    reasons = {left.reason: left.count for left in found.export.left_out}
    assert reasons == {"no due_on": 1, "due after 2018-03-31": 1, "neither renewed nor not: 'perhaps' (1)": 1}


@pytest.mark.parametrize(
    ("started", "ended", "renewed", "due"),
    [
        ("2015-01-01", "", 3, 3),  # anniversaries of 2016, 2017, 2018
        ("2015-01-01", "2017-01-01", 1, 2),  # ended on its second anniversary
        ("2015-01-01", "2016-07-01", 1, 2),  # ended after the first: not renewed at the second
        ("2015-05-01", "2017-09-01", 2, 2),  # what comes in May 2018 is not known yet, ended or not
        ("2017-09-01", "", 0, 0),
        ("2015-01-01", "2018-12-31", 3, 3),  # ended after the export: not known
    ],
)
def test_contracts_are_renewed_at_anniversaries_before_their_end(written, started, ended, renewed, due):
    usual = 10
    rows = f"{started},{ended}\n" + "2017-01-15,\n" * usual
    (estimate,) = read_renewals(written("Start date,End date\n" + rows), AS_OF).estimates
    assert estimate.of == f"{usual + due} renewals due"
    assert estimate.value == pytest.approx(min((usual + renewed) / (usual + due), estimate.high))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "due_on\n2018-01-01\n",
            "no column for renewed; there are 'due_on'; due_on is 'due_on'; it takes due_on and renewed, or started_on",
        ),
        ("due_on,renewed\n2018-01-01,yes\n", "1 renewals were due: too few"),
        ("started_on,ended_on\n2019-01-01,\n", "too few"),
    ],
)
def test_renewals_that_cannot_be_used_are_refused(written, text, said):
    with pytest.raises(ExportError, match=said):
        read_renewals(written(text), AS_OF)


# channels


def posts(written, count=40, seed=4, **changes):
    generator = np.random.default_rng(seed)
    seen = generator.integers(200, 4000, count)
    rates = {"Likes": 0.02, "Comments": 0.003, "Reposts": 0.002, "Clicks": 0.01}
    counts = {name: generator.poisson(seen * rate) for name, rate in rates.items()} | changes
    rows = ["Date,Impressions," + ",".join(counts)]
    rows += [f"2018-01-{1 + n % 28:02d},{seen[n]}," + ",".join(str(counts[name][n]) for name in counts) for n in range(count)]
    return written("\n".join(rows) + "\n"), seen, counts


def test_engagements_are_those_of_all_posts_together(written):
    path, seen, counts = posts(written)
    found = by_path(accounted(read_channel(path, "network")))
    total = sum(one.sum() for one in counts.values())
    rate = found["channels.network.engagement_rate"]
    assert rate.value == pytest.approx(total / seen.sum())
    assert rate.low < 0.035 < rate.high
    mix = [found[f"channels.network.engagement_mix.{kind}"] for kind in ("reaction", "comment", "share", "click")]
    assert math.fsum(one.value for one in mix) == pytest.approx(1.0)
    assert mix[0].value == pytest.approx(counts["Likes"].sum() / total)


def test_a_platform_that_counts_engagements_only_tells_no_mix(written):
    rows = "".join(f"2018-01-{1 + n:02d},1000,{20 + n},{100 + n}\n" for n in range(20))
    found = read_channel(written("Date,Impressions,Engagements,Followers\n" + rows + "2018-02-01,0,0,120\n"), "network")
    assert [one.path for one in found.estimates] == ["channels.network.engagement_rate"]
    assert any("does not show how engagements divide into kinds" in remark for remark in found.remarks)
    assert any("Followers went from 100 to 119" in remark for remark in found.remarks)
    assert [left.reason for left in accounted(found).export.left_out] == ["nobody saw it"]


NUMBERS = "Impressions (organic),Impressions (sponsored),Impressions (total),Clicks (organic),Clicks (total),"
NUMBERS += "Reactions (organic),Reactions (total),Comments (organic),Comments (total),Reposts (organic),Reposts (total)"
PLATFORM_EXPORTS = {  # header and a row, as the platforms write them; 40 engagements of 1,000 impressions in each
    "LinkedIn, by day": (
        '"Aggregated engagement metrics for your page\'s posts.\nLearn more, or ask."\nDate,' + NUMBERS,
        "01/{day}/2018,1000,900,1900,20,99,12,98,6,97,2,96",
    ),
    "LinkedIn, by post": (
        "All posts,,,,,,,,,\nPost title,Post link,Created date,Impressions,Views,Clicks,Likes,Comments,Reposts,Engagement rate",
        '"Hello, world",https://x,01/{day}/2018,1000,,20,12,6,2,0.04',
    ),
    "X, by day": (
        "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits",
        '"Mon, Jan {day}, 2018",1000,12,40,1,5,1,0,6,2,9',
    ),
    "X, by post": (
        "Post id,Date,Post text,Impressions,Likes,Engagements,Bookmarks,Replies,Reposts,Detail Expands,URL Clicks",
        '7,"Mon, Jan {day}, 2018",text,1000,12,80,1,6,2,39,20',
    ),
    "Meta, by post, with views": (
        "Post ID,Publish time,Permalink,Date,Views,Reach,Reactions,Comments,Shares,Total clicks",
        "7,01/{day}/2018 08:30,https://x,Lifetime,1000,800,12,6,2,20",
    ),
    "Instagram by Meta, by post": (
        "Post ID,Publish time,Permalink,Post type,Date,Views,Likes,Shares,Comments,Saves",
        "7,01/{day}/2018 08:30,https://x,IG image,Lifetime,1000,12,2,26,5",
    ),
    "Meta, by post": (
        "Post ID,Publish time,Permalink,Date,Impressions,Reach,Reactions,Comments,Shares,Total clicks,Link Clicks",
        "7,01/{day}/2018 08:30,https://x,Lifetime,1000,800,12,6,2,20,9",
    ),
}


@pytest.mark.parametrize("name", PLATFORM_EXPORTS)
def test_exports_are_read_as_platforms_write_them(written, name):
    header, row = PLATFORM_EXPORTS[name]
    rows = "".join(row.format(day=f"{day:02d}") + "\n" for day in range(8, 22))
    found = accounted(read_channel(written(f"{header}\n{rows}"), "network"))
    assert any(f"an export of {name.removesuffix(', with views')}" in note for note in found.export.notes)
    estimates = {one.path.removeprefix("channels.network."): one.value for one in found.estimates}
    assert estimates["engagement_rate"] == pytest.approx(0.04)
    assert len(found.export.frame) == 14
    assert found.export.frame["row"].iloc[0] == (3 if "LinkedIn" in name else 2)
    if name not in ("X, by day", "Instagram by Meta, by post"):  # which have no clicks
        mix = [estimates[f"engagement_mix.{kind}"] for kind in ("reaction", "comment", "share", "click")]
        assert mix == pytest.approx([0.3, 0.15, 0.05, 0.5])


def test_a_month_is_no_day_on_which_something_happened(written):
    with pytest.raises(ExportError, match="'2018-01' is not a day"):
        read_channel(written("Date,Impressions,Engagements\n" + "2018-01,5,1\n" * 12), "network")


def test_the_users_word_on_a_platforms_columns_is_taken(written):
    header, row = PLATFORM_EXPORTS["LinkedIn, by day"]
    rows = "".join(row.format(day=f"{day:02d}") + "\n" for day in range(8, 22))
    found = read_channel(written(f"{header}\n{rows}"), "network", columns={"impressions": "Impressions (total)"})
    assert found.estimates[0].value == pytest.approx(40 / 1900)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,Impressions,Likes\n2018-01-01,5,1\n", "no column for engagements, and none for comment, share, click"),
        ("Date,Likes\n2018-01-01,5\n", "no column for impressions"),
        ("Date,Impressions,Engagements\n" + "2018-01-01,5,0\n" * 12, "0 engagements: too few"),
    ],
)
def test_channels_that_cannot_be_used_are_refused(written, text, said):
    with pytest.raises(ExportError, match=said):
        read_channel(written(text), "network")


# overrides


def test_what_is_found_is_what_a_scenario_may_extend_file_over_file(written, tmp_path):
    path, *_ = posts(written)
    channel = read_channel(path, "network")
    names = default_stages()
    head = f"deal,{','.join(f'{name}_on' for name in names)},won_on,lost_on\n"
    won = "2018-01-01,2018-01-04,2018-01-12,2018-01-22,2018-01-31,"
    lost = ["2018-01-01,,,,,2018-02-01", "2018-01-01,2018-01-05,,,,2018-02-01", "2018-01-01,2018-01-05,2018-01-09,,,2018-02-01"]
    lost += ["2018-01-01,2018-01-05,2018-01-09,2018-01-15,,2018-02-01"]
    rows = [won] * 33 + lost * 11
    stages = read_stages(written(head + "".join(f"{n},{row}\n" for n, row in enumerate(rows)), name="stages.csv"), AS_OF, names)
    overrides.write(overrides.of_findings(channel), tmp_path / "channel.yaml")
    overrides.write(overrides.of_findings(stages, "channel.yaml"), tmp_path / "stages.yaml")
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: stages.yaml\n")
    loaded = load_tagged(tmp_path / "mine.yaml")
    for one in (*channel.estimates, *stages.estimates):
        low, likely, high = loaded.ranges[tuple(one.path.split("."))]
        assert (low, likely, high) == pytest.approx((one.low, one.value, one.high), rel=0.01, abs=2e-4)
        for end in (low, high):
            scenario_at(loaded.scenario, {one.path: end})
    assert set(loaded.scenario.channels) == set(Scenario(name="x").channels), "no channel is lost"


def test_a_name_that_is_not_printable_writes_nothing_strange(written, tmp_path):
    found = read_deals(written("amount\n" + "".join(f"{n}\n" for n in range(1, 15)), name="a\x1b[31mb.csv"), all_won=True)
    text = overrides.of_findings(found)
    assert "\x1b" not in text
    overrides.write("name: x\n" + text, tmp_path / "x.yaml")
    load_tagged(tmp_path / "x.yaml")


def test_kinds_that_are_all_nothing_tell_no_mix(written):
    rows = "".join(f"2018-01-{1 + n:02d},1000,20,0,0,0,0\n" for n in range(12))
    found = read_channel(written("Date,Impressions,Engagements,Likes,Comments,Shares,Clicks\n" + rows), "network")
    assert [one.path for one in found.estimates] == ["channels.network.engagement_rate"]


def test_the_same_deal_again_counts_once_and_its_line_items_are_summed(written):
    by_contact = "".join(f"{n},{1000 + n},Ann\n{n},{1000 + n},Bob\n" for n in range(12))
    again = read_deals(written("Deal ID,Amount,Contact\n" + by_contact), all_won=True)
    items = read_deals(written("Deal ID,Amount\n" + "".join(f"{n},400\n{n},{600 + n}\n" for n in range(12))), all_won=True)
    for found in (again, items):
        assert accounted(found).estimates[0].value == pytest.approx(1005.5, rel=0.001)


@pytest.mark.parametrize("stages", [["first", "first"], ["first", "won"], ["first", "lost"], ["first", ""]])
def test_stages_that_are_none_of_their_own_are_refused(written, stages):
    with pytest.raises(ExportError, match="is not a stage of its own"):
        read_stages(stages_export(written, ["2018-01-01,2018-01-11,2018-01-31,"] * 40), AS_OF, stages)


def test_a_stage_that_few_have_left_is_said_to_be_unsure(written):
    """Passes are seen at once, losses are closed late, as in many CRMs: the share is too high, and the remark says so."""
    rows = ["2018-03-01,2018-03-11,2018-03-12,"] * 20 + ["2018-03-01,,,"] * 60
    found = read_stages(stages_export(written, rows), AS_OF, STAGES)
    assert any("Too few deals have left first (25%)" in remark for remark in found.remarks)


def test_nearly_all_contracts_ended_are_more_likely_terms(written):
    rows = "".join(f"2016-01-{1 + n:02d},2016-12-{1 + n:02d}\n" for n in range(20))
    found = read_renewals(written("Contract Start Date,Contract End Date\n" + rows), AS_OF)
    assert any("not the day on which the customer left" in remark for remark in found.remarks)


def test_a_fit_that_is_bad_is_said_to_be_and_a_good_one_is_not(written):
    values = stats.lognorm(0.8).ppf(np.linspace(0.02, 0.98, 60))
    good = read_deals(written("amount\n" + "".join(f"{value:.2f}\n" for value in values)), all_won=True)
    bad = read_deals(written("amount\n" + "1\n" * 30 + "1000\n" * 30), all_won=True)
    assert not any("fits these values badly" in remark for remark in good.remarks)
    assert any("fits these values badly" in remark for remark in bad.remarks)
