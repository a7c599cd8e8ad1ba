"""One small export for each fault that was reported: its right value, or the refusal that says what to write."""

import datetime as dt

import pytest

from sim.calibrate.channels import read_channel
from sim.calibrate.columns import ColumnMapping
from sim.calibrate.deals import read_deals
from sim.calibrate.errors import ExportError
from sim.calibrate.leads import Dates, read_leads
from sim.calibrate.renewals import read_renewals
from sim.calibrate.wins import answers

AS_OF = dt.date(2025, 12, 31)
FIRST = dt.date(2025, 1, 6)


def day(number):
    return (FIRST + dt.timedelta(days=number)).isoformat()


def table(head, rows):
    return "\n".join([head, *rows]) + "\n"


def estimates(found):
    return {one.path.rsplit(".", 1)[1]: one.value for one in found.estimates}


def refusal(read):
    with pytest.raises(ExportError) as caught:
        read()
    return str(caught.value)


def test_of_80_leads_40_lost_and_none_open_half_are_won_in_the_end(written):
    rows = (f"K{n},{day(n)},{day(n + 30 + n % 60)},{'Won' if n % 2 else 'Lost'}" for n in range(80))
    path = written(table("Lead ID,Created Date,Close Date,Stage", rows))
    whole = answers(read_leads(path, Dates(AS_OF)), AS_OF + dt.timedelta(days=365))[-1]
    assert (whole.won, whole.lost, whole.open) == (40, 40, 0)
    assert (whole.share.low, whole.share.value, whole.share.high) == (0.5, 0.5, 0.5)
    assert (whole.wins.low, whole.wins.value, whole.wins.high) == (40, 40, 40)


def test_the_share_of_two_thirds_that_are_won_is_not_that_of_a_lead_like_them(written):
    rows = (
        f"S{n},{day(3 * n)},{day(3 * n + 20 + n % 50)},{'Won' if n % 3 else 'Lost'},{'Web' if n % 2 else 'Fair'}"
        for n in range(60)
    )
    path = written(table("Lead ID,Created Date,Close Date,Stage,Source", rows))
    whole = answers(read_leads(path, Dates(AS_OF)), AS_OF)[-1]
    assert (whole.share.value, whole.share.low) == pytest.approx((40 / 60, 40 / 60))
    assert whole.chance.value < whole.share.value < whole.chance.high


PIPELINE = ("Closed Won (Direct Pipeline)", "Closed Lost (Direct Pipeline)", "Offer sent (Direct Pipeline)")


def test_stages_with_the_name_of_their_pipeline(written):
    rows = (f"{n},{day(4 * n)},{day(4 * n + 33)},{PIPELINE[n % 3]},{4000 + 90 * n}" for n in range(48))
    path = written(table("Record ID,Create Date,Close Date,Deal Stage,Amount", rows))
    whole = answers(read_leads(path, Dates(AS_OF)), None)[-1]
    assert (whole.won, whole.lost, whole.open) == (16, 16, 16)
    assert [one.of for one in read_deals(path).estimates] == ["16 deals", "16 deals"]
    assert estimates(read_deals(path))["median"] == pytest.approx(5_877, rel=0.02)


def test_a_status_under_another_name_keeps_lost_and_open_deals_out(written):
    states = (("won", 1_000), ("lost", 9_010), ("open", 40_020))
    rows = (f"{n},{states[n % 3][0]},{states[n % 3][1] + n % 2},EUR" for n in range(45))
    found = read_deals(written(table("Deal - ID,Deal - Status,Deal - Value,Deal - Currency of Value", rows)))
    assert found.estimates[0].of == "15 deals"
    assert estimates(found)["median"] == pytest.approx(1_000, rel=0.001)


def test_euros_and_yen_are_not_pooled(written):
    rows = (f"{n},won,{110_000 + n if n % 2 else 700 + n},{'JPY' if n % 2 else 'EUR'}" for n in range(24))
    path = written(table("Deal - ID,Outcome,Deal - Value,Deal - Currency of Value", rows))
    assert "values are in EUR, JPY (column 'Deal - Currency of Value')" in refusal(lambda: read_deals(path))


def test_a_mapped_column_in_company_currency_is_taken_as_it_is(written):
    rows = (f"{n},Won,7,{'USD' if n % 2 else 'EUR'},{1000 + n % 2}" for n in range(24))
    path = written(table("Record ID,Deal Stage,Amount,Currency,Amount in company currency", rows))
    found = read_deals(path, mapping=ColumnMapping({"value": "Amount in company currency"}))
    assert found.estimates[0].of == "24 deals"
    assert estimates(found)["median"] == pytest.approx(1_000.5, rel=1e-4)


DATED = "Deal ID,Amount,Stage,Create Date,Close Date"


def test_deals_that_are_all_worth_nothing_are_refused_with_their_count(written):
    path = written(table(DATED, (f"{n},0,Won,{day(n)},{day(n + 60)}" for n in range(15))))
    assert "0 won deals: too few to learn from (15 rows left out: a value of zero or less" in refusal(lambda: read_deals(path))


def test_deals_without_a_day_of_closing_still_have_a_value(written):
    found = read_deals(written(table(DATED, (f"{n},{1200 + n % 2},Won,{day(n)}," for n in range(16)))))
    assert estimates(found)["median"] == pytest.approx(1_200.5, rel=1e-4)
    assert any("With days of first contact and of the win in the file" in str(one) for one in found.remarks)


def test_engagements_of_other_kinds_are_in_neither_rate_nor_mix(written):
    head = (
        "Post id,Date,Post text,Impressions,Likes,Engagements,Bookmarks,New follows,Replies,Reposts,Detail expands,Url clicks"
    )
    found = read_channel(
        written(table(head, (f"{n},Mon Feb {n + 10} 2026,Text,1000,20,80,0,1,4,6,40,10" for n in range(12)))), "x"
    )
    assert estimates(found) == pytest.approx(
        {"engagement_rate": 0.04, "reaction": 0.5, "comment": 0.1, "share": 0.15, "click": 0.25}
    )
    assert any("an export of X, by post" in str(note) for note in found.export.notes)


def test_a_date_of_lifetime_leaves_the_time_of_publishing(written):
    head = "Post ID,Description,Publish time,Permalink,Post type,Date,Views,Likes,Shares,Comments,Saves"
    rows = (f'{n},"Two\nlines",04/{n + 13}/2026 09:05,link,IG carousel,Lifetime,500,30,2,4,6' for n in range(12))
    found = read_channel(written(table(head, rows)), "x")
    assert found.export.found["day"] == "Publish time"
    assert estimates(found)["engagement_rate"] == pytest.approx(36 / 500)


def test_a_grand_total_is_no_deal(written):
    path = written(table("Deal ID,Amount", [*(f"A{n},{3000 + n % 2}" for n in range(20)), "Grand Total,60010"]))
    assert "no column says which deals are won" in refusal(lambda: read_deals(path))
    found = read_deals(path, all_won=True)
    assert found.estimates[0].of == "20 deals"
    assert estimates(found)["median"] == pytest.approx(3_000.5, rel=1e-4)


def test_stages_in_spanish(written):
    rows = (f"{n},{2000 + 10 * (n % 2)},{'Ganado' if n % 2 else 'Perdido'}" for n in range(40))
    found = read_deals(written(table("Deal ID,Amount,Stage", rows)))
    assert found.estimates[0].of == "20 deals"
    assert estimates(found)["median"] == pytest.approx(2_010, rel=1e-4)


def test_a_day_of_signing_up_is_named_as_the_nearest_to_the_missing_start(written):
    rows = (f"{n},2022-{n % 12 + 1:02d}-04,{'2024-01-04' if n % 3 else ''}" for n in range(40))
    path = written(table("Contract ID,Signup Date,Churn Date", rows))
    said = refusal(lambda: read_renewals(path, AS_OF))
    assert "no column for started_on; there are 'Contract ID', 'Signup Date', 'Churn Date'" in said
    assert "nearest to started_on is 'Signup Date'; ended_on is 'Churn Date'" in said
    assert "`started_on: Signup Date`" in said
    mapped = read_renewals(path, AS_OF, mapping=ColumnMapping({"started_on": "Signup Date"}))
    assert 0.0 < mapped.estimates[0].value < 1.0
