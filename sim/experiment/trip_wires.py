"""Trip-wires: signs to look at after one, two and four quarters, and values below which to stop. See docs/model.md, 4.1.

Sets of assumptions are drawn from the ranges of the guesses, and each has a world of its own at the advised hours. On one
half of them a sign and a value are chosen for each time; on the other half, which had no say in that, it is counted how often
such a trip-wire rings falsely and how often it stays silent.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.designs import HOURS
from sim.experiment.early_signs import MEASURE, SIGNS, sign_name
from sim.experiment.ensemble import Member
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, Flags, Values
from sim.experiment.pilots import AFTER
from sim.experiment.precision import RETURN
from sim.experiment.runner import Progress
from sim.experiment.sensitivity import NAMED
from sim.experiment.statistics import Estimate, share
from sim.scenario import apply

MEMBERS, FEWEST_MEMBERS = 64, 4
WIRES_SEED = 5_000_011  # added to the seed, that these worlds are not those of the flips
FEWEST = 5  # sets of assumptions of a kind, in either half, from which on rates can be told
FIGURES = 2  # of a value that people can remember
LOWEST = 0.05  # quantile of what to expect where it pays
WIRE, SILENT = "wire", "tells_nothing"  # verdicts on a time
TESTED, FEW_LOSE, FEW_PAY = "tested", "few_lose", "few_pay"  # whether trip-wires could be tested


@dataclass(frozen=True)
class Wire:
    """A time to look, the most informative sign by then, and the value below which to stop or change.

    On the half of the sets that had no say in the choice: `pay` sets pay, and the sign lies below the value in `false_alarms`
    of them; `lose` do not, and it does not lie below it in `missed` of them. `gain` is Youden's index there, with its interval.
    """

    after: int
    sign: str
    value: float
    verdict: str
    pay: int
    false_alarms: int
    lose: int
    missed: int
    gain: float
    gain_low: float
    gain_high: float

    @property
    def false_alarm_share(self) -> Estimate:
        """Estimate how often it rings where the hours pay (Wilson)."""
        return share(self.false_alarms, self.pay)

    @property
    def missed_share(self) -> Estimate:
        """Estimate how often it stays silent where the hours do not pay (Wilson)."""
        return share(self.missed, self.lose)


@dataclass(frozen=True)
class Expected:
    """A sign to expect where it pays: its 5th percentile after so many quarters. It is not a tested trip-wire."""

    after: int
    sign: str
    value: float


@dataclass(frozen=True)
class TripWires:
    """Trip-wires at so many hours per week, one per time; or, where none could be tested, what to expect where it pays."""

    hours: float
    members: int
    pay: int
    seed: int
    state: str
    wires: tuple[Wire, ...]
    expected: tuple[Expected, ...]


def live(
    members: Sequence[Member], hours: float, evaluations: Evaluations, seed: int, progress: Progress | None = None
) -> tuple[Values, dict[str, Values]]:
    """Simulate a world of its own, with its twin, for each member at these hours.

    `evaluations` are of `early_signs.MEASURE`. Returns the net returns (expected), shape (members,), and the signs by name,
    each of the same shape.

    Raises
    ------
    ResultsError
        If a net return is undefined: it would pass for a loss.
    """
    scenarios = [apply(one.scenario, {HOURS: hours}) for one in members]
    found = evaluations.of_own_worlds(scenarios, (seed + WIRES_SEED) % SEEDS, progress)[:, 0]
    columns = {name: found[:, place] for place, name in enumerate(MEASURE.names)}
    wrong = np.flatnonzero(~np.isfinite(columns[RETURN]))
    if wrong.size:
        numbers = ", ".join(str(members[place].number) for place in wrong[:NAMED])
        raise ResultsError(f"net return is undefined in {wrong.size} members, such as {numbers}; narrow their ranges")
    return columns[RETURN], columns


def choose(hours: float, returns: Values, signs: Mapping[str, Values], seed: int) -> TripWires:
    """Choose trip-wires on one half of the sets of assumptions, and test them on the other half.

    Parameters
    ----------
    hours
        Per week, at which the sets were simulated.
    returns
        Net return (expected) of each set, shape (sets,); it pays if above 0.
    signs
        Early signs by the names of `early_signs.sign_name`, each of the same shape; nan where the horizon came first.
    seed
        It is noted.
    """
    pays = returns > 0.0
    half = first_half(pays)
    times = [after for after in AFTER if all(np.isfinite(signs[sign_name(sign, after)]).all() for sign in SIGNS)]
    state = _state(pays, half)
    wires: list[Wire] = []
    expected: list[Expected] = []
    for after in times:
        of_time = {sign: signs[sign_name(sign, after)] for sign in SIGNS}
        if state == TESTED:
            wires.append(_wire(after, of_time, pays, half))
        elif state == FEW_LOSE:
            expected += [
                Expected(after, sign, remembered(float(np.quantile(values[pays], LOWEST, method="lower"))))
                for sign, values in of_time.items()
            ]
    return TripWires(hours, len(pays), int(pays.sum()), seed, state, tuple(wires), tuple(expected))


def first_half(pays: Flags) -> Flags:
    """Return which sets are to choose on: the first half of those that pay, and of those that do not; shape (sets,).

    So losing sets, of which there may be few, are as many in either half; signs have no say in it.
    """
    half = np.zeros(len(pays), dtype=bool)
    for kind in (pays, ~pays):
        places = np.flatnonzero(kind)
        half[places[: len(places) // 2]] = True
    return half


def check(members: int) -> None:
    """Check that there are enough sets of assumptions to choose on some and test on others.

    Raises
    ------
    ResultsError
        If not.
    """
    if members < FEWEST_MEMBERS:
        raise ResultsError(f"--members {members}: some are to choose on and others to test on; take {FEWEST_MEMBERS} at least")


def remembered(value: float) -> float:
    """Round to a number that people can remember."""
    return float(f"{value:.{FIGURES}g}")


def _state(pays: Flags, half: Flags) -> str:
    if min((~pays & part).sum() for part in (half, ~half)) < FEWEST:
        return FEW_LOSE if pays.sum() >= FEWEST else FEW_PAY
    return TESTED if min((pays & part).sum() for part in (half, ~half)) >= FEWEST else FEW_PAY


def _wire(after: int, signs: Mapping[str, Values], pays: Flags, half: Flags) -> Wire:
    chosen = {sign: _threshold(values[half], pays[half]) for sign, values in signs.items()}
    sign = max(chosen, key=lambda one: chosen[one][0])  # of equal ones the first
    value = chosen[sign][1]
    rings = signs[sign] < value
    pay, lose = int((pays & ~half).sum()), int((~pays & ~half).sum())
    false_alarms, missed = int((rings & pays & ~half).sum()), int((~rings & ~pays & ~half).sum())
    gain = youden(lose - missed, lose, false_alarms, pay)
    verdict = WIRE if gain.low > 0.0 else SILENT
    return Wire(after, sign, value, verdict, pay, false_alarms, lose, missed, gain.value, gain.low, gain.high)


def _threshold(values: Values, pays: Flags) -> tuple[float, float]:
    """Return the largest Youden index and the value below which a sign rings then; of equal ones the lowest."""
    candidates = sorted({remembered(value) for value in _edges(values)})
    gains = [float((values[~pays] < one).mean() - (values[pays] < one).mean()) for one in candidates]
    best = int(np.argmax(gains))
    return gains[best], candidates[best]


def _edges(values: Values) -> npt.NDArray[np.float64]:
    """Return the values between neighbouring ones, at which a wire can hang."""
    different = np.unique(values)
    return np.concatenate([different[:1], (different[:-1] + different[1:]) / 2.0])


def youden(rang: int, of_losing: int, rang_falsely: int, of_paying: int) -> Estimate:
    """Return the share of losing sets that rang less that of paying ones, with its interval.

    From the two Wilson intervals (Newcombe 1998, method 10).
    """
    right, wrong = share(rang, of_losing), share(rang_falsely, of_paying)
    gain = right.value - wrong.value
    below = math.hypot(right.value - right.low, wrong.high - wrong.value)
    above = math.hypot(right.high - right.value, wrong.value - wrong.low)
    return Estimate(gain, gain - below, gain + above)
