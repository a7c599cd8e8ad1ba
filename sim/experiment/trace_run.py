"""One account of the first world of a point, simulated anew with its twin."""

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Point
from sim.measures.trace import Trace, trace
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario import Scenario

FIRST_WORLD = 0


def check_account(scenario: Scenario, account: int) -> None:
    """Check that a market has an account of this number.

    Raises
    ------
    ResultsError
        If it has not.
    """
    count = scenario.market.accounts
    if not 0 <= account < count:
        there = f"there are 0 to {count - 1}" if count else "the market of this scenario has none"
        raise ResultsError(f"--trace {account}: no account of that number; {there}")


def traced(point: Point, seed: int, account: int) -> Trace:
    """Trace an account in the first world of a point and in its twin.

    Raises
    ------
    ResultsError
        If the market has no such account.
    """
    check_account(point.scenario, account)
    record, twin = (simulate(one, seed, FIRST_WORLD, traced=account) for one in (point.scenario, twin_of(point.scenario)))
    return trace(point.scenario, record, twin, account)
