"""The spillover world: social media is on, but sales load, word of mouth and crises are the twin's (model.md, 9)."""

import math

import pytest

from sim.measures import evaluate
from sim.measures.spillover import DIVIDED
from sim.model import Record, simulate
from sim.model.twin import twin_of
from tests.worlds import NO_HEARSAY, changed, exact, rows, scenario

# sales at their limit, customers who are asked, crises: everything spills over
BUSY = scenario(
    team={"hours_per_week": 40.0},
    time={"horizon_weeks": 104},
    market={
        "accounts": 600,
        "customers": 150,
        "segments": {"all": {"needs_per_year": 0.8}},
        "word_of_mouth": {"peers_asked": 8},
    },
    sales={"capacity_ratio": 1.0},
    crises={"per_year": 3.0, "trust_loss": 0.3},
    customers={"questions_per_year": 6.0},
)
TALKATIVE = changed(
    BUSY,
    market={"customers": 300},
    customers={"questions_per_year": 6.0, "share_on_social": 0.5, "share_complaints": 0.5, "share_settled_offline": 0.2},
    listening={"share_tagged": 0.2, "mention_finds_per_hour": 0.02},
    dialogue={"replies_raise_volume": 1.0},
)
SEEDS = (1, 2)
HELD = Record().renewals.columns.index("held")


@pytest.fixture(scope="module", params=SEEDS)
def worlds(request):
    twin = simulate(twin_of(BUSY), request.param, 0)
    return twin, simulate(BUSY, request.param, 0), simulate(BUSY, request.param, 0, twin)


def test_sales_load_word_of_mouth_and_crises_are_the_twins(worlds):
    twin, full, third = worlds
    common = min(len(twin.slowness), len(third.slowness))
    assert third.slowness[:common] == twin.slowness[:common]
    assert full.slowness[:common] != twin.slowness[:common]
    assert third.recommendations.rows == twin.recommendations.rows != full.recommendations.rows
    assert max(twin.slowness) > 1.2


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
@pytest.mark.parametrize("hours", [BUSY, TALKATIVE], ids=["busy", "talkative"])
def test_whoever_was_never_touched_lives_as_in_the_twin_to_the_bit(hours, kind):
    """Locality in full: with everything that could reach others replayed, untouched accounts are those of the twin."""
    hours = changed(hours, presence={"twin": kind}, channels={"network": {"followers_at_start": 0.02}})
    twin, full = simulate(twin_of(hours), 1, 0), simulate(hours, 1, 0)
    third = simulate(hours, 1, 0, twin)
    touched = {row["account"] for row in rows(third.needs) if row["touched"]}
    touched |= {row["account"] for table in (third.followers, third.conversations) for row in rows(table)}
    columns = (
        "account",
        "need",
        "lead_at",
        "closed_at",
        "ended_at",
        "won",
        "weight",
        "p",
        "decided_at",
        "told",
        "shaken",
        "path",
    )
    for name, only in (("needs", columns), ("renewals", ())):
        kept = []
        for world in (twin, third, full):
            table = getattr(world, name)
            table.rows[:] = [row for row in table.rows if row[0] not in touched and (name == "needs" or row[HELD])]
            kept.append(exact(table, *only))
        assert kept[0] == kept[1]
        assert len(kept[0]) > 10
        if name == "needs":
            assert kept[2] != kept[0], "and in the full world they are not"


def test_where_nothing_can_spill_over_the_third_world_is_the_full_one():
    hours = changed(
        BUSY, sales={"load_exponent": 0.0}, market=NO_HEARSAY, crises={"trust_loss": 0.0}, time={"horizon_weeks": 60}
    )
    twin, full = simulate(twin_of(hours), 1, 0), simulate(hours, 1, 0)
    third = simulate(hours, 1, 0, twin)
    for name in ("needs", "renewals", "interactions", "conversations"):
        assert exact(getattr(third, name)) == exact(getattr(full, name)), name


def test_direct_and_spillover_are_the_net_result(worlds_evaluated):
    """Exactly for what is counted in deals, contracts and whole units of money; to rounding for what is weighed."""
    for row in worlds_evaluated:
        for name in DIVIDED:
            parts, net = row[f"direct_{name}"] + row[f"spillover_{name}"], row[f"net_{name}"]
            if name in ("deals", "revenue", "renewals"):
                assert parts == net
            else:
                assert parts == pytest.approx(net, rel=1e-12, abs=1e-9)
        assert row["spillover_deals_expected"] != 0.0


@pytest.fixture(scope="module")
def worlds_evaluated():
    found = []
    for seed in SEEDS:
        twin = simulate(twin_of(BUSY), seed, 0)
        tables = evaluate(BUSY, simulate(BUSY, seed, 0), twin, third=simulate(BUSY, seed, 0, twin))
        found.append({name: column[0] for name, column in tables["outcomes"].items()})
    return found


def test_unless_asked_for_there_is_no_third_world():
    hours = changed(BUSY, time={"horizon_weeks": 20})
    tables = evaluate(hours, simulate(hours, 1, 0), simulate(twin_of(hours), 1, 0))
    assert all(math.isnan(tables["outcomes"][f"direct_{name}"][0]) for name in DIVIDED)
