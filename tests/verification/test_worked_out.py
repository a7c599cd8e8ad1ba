"""Worlds of the same draws share what has been worked out from them: no answer may depend on which world was run before."""

from concurrent.futures import ThreadPoolExecutor

from pydantic import ValidationError

from sim.model import history, simulate, streams
from sim.model.twin import twin_of
from tests import digests
from tests.worlds import changed, scenario

SEGMENT = {"needs_per_year": 1.0, "deal_value": {"median": 30000.0, "sigma": 0.8}}
SMALL = scenario(
    time={"horizon_weeks": 10, "run_off_weeks": 10},
    team={"hours_per_week": 10.0},
    market={"accounts": 50, "customers": 15, "segments": {"all": SEGMENT}},
    channels={"network": {"followers_at_start": 0.2}},
)
SECTIONS = (
    "market",
    "sales",
    "effects",
    "customers",
    "channels",
    "content",
    "selection",
    "recruiting",
    "listening",
    "calendar",
)


def digest(one):
    return digests.digest(simulate(one, 5, 0))


def forget():
    streams.forget()
    history.forget()


def leaves(held, path=()):
    for name, value in held.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield (*path, name), value


def with_another(path, value):
    """The small scenario with one number changed, or None if that alone makes no scenario."""
    name, *rest = path
    nested = value + 1 if isinstance(value, int) else 1.3 * value if 1.3 * value < 1.0 or value > 1.0 else 0.7 * value or 0.2
    for key in reversed(rest):
        nested = {key: nested}
    try:
        return changed(SMALL, **{name: nested})
    except ValidationError:
        return None


def test_a_world_is_the_same_after_one_of_other_parameters():
    """Exact: each number of the scenario changed on its own, from nothing and before a world with the old one.

    What is wrongly shared is shared either way, so one order tells; every tenth number is tried in the other one, too.
    """
    document = {name: section for name, section in SMALL.document().items() if name in SECTIONS}
    tried, differing = 0, 0
    ordinary = digest(SMALL)
    for path, value in leaves(document):
        one = with_another(path, value)
        if one is None:
            continue
        forget()
        alone = digest(one)
        assert digest(SMALL) == ordinary, path
        if tried % 10 == 0:
            forget()
            digest(SMALL)
            assert digest(one) == alone, path
        tried, differing = tried + 1, differing + (alone != ordinary)
    assert tried > 100
    assert differing > 60


def test_a_world_is_the_same_after_one_of_other_segments():
    large = {**SEGMENT, "deal_value": {"median": 300000.0, "sigma": 0.8}}
    mixes = [
        changed(SMALL, market={"segments": {"all": {"share": share}, "large": {**large, "share": 1.0 - share}}})
        for share in (0.3, 0.6)
    ]
    # the same mixture the other way round: sales take as long on the whole, and other accounts have the large ones
    mixes += [
        changed(SMALL, market={"segments": {"all": {**one, "share": 0.5}, "large": {**other, "share": 0.5}}})
        for one, other in ((SEGMENT, large), (large, SEGMENT))
    ]
    for one in (*mixes, twin_of(mixes[0])):
        forget()
        alone = digest(one)
        for other in (SMALL, *mixes):
            forget()
            digest(other)
            assert digest(one) == alone


def test_worlds_that_threads_run_at_once_are_those_of_one_thread():
    ones = [changed(SMALL, team={"hours_per_week": hours}) for hours in (0.0, 5.0, 10.0, 20.0)]
    forget()
    alone = list(map(digest, ones))
    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            history.forget()
            assert list(threads.map(digest, ones)) == alone
