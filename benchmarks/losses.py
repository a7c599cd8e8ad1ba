"""Count in how many simulated exports the curve of `sim calibrate leads` lies inside lifelines' Aalen-Johansen interval.

Usage: python -m benchmarks.losses [--seeds 100] [--leads 1500]; it needs lifelines (pip install lifelines==0.30.3).

Five kinds of company (tests/calibrate/losing.py), none, 30 and 90 % of their leads open. The two that would hardly have won
anything with 90 % open get most of these leads in the last two days. The curve must lie inside the 95 % interval of each day on
which it is checked. A lead that is open was so through its last day, so it is withdrawn after what ended on that day: lifelines
spreads equal times at random, which would mix the two.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.calibrate.errors import ExportError
from sim.calibrate.leads import Dates, Leads, read_leads
from sim.calibrate.wins import Check, answers, checks, fitted
from tests.calibrate import losing

OPEN = (0.0, 0.3, 0.9)
AFTER_A_FAIR = ("in_stages", "lost_at_once")  # with 90 % open
FIRST_SEED = 200


@dataclass(frozen=True)
class Seen:
    """The fit to one export: whether the curve is inside on all days (None if on none), and whether bounds hold."""

    is_inside: bool | None
    holds_bounds: bool
    holds_truth: bool


def seen(company: str, is_open: float, seed: int, leads: int, folder: Path) -> Seen | None:
    """Calibrate one export; None if it is refused."""
    rows_of = losing.after_a_fair if is_open == OPEN[-1] and company in AFTER_A_FAIR else losing.rows
    rows = rows_of(company, is_open, seed, leads)
    try:
        read = read_leads(losing.export(folder / "leads.csv", rows), Dates(losing.AS_OF))
    except ExportError:
        return None
    draws = fitted(read)
    whole = answers(read, losing.AS_OF.replace(year=losing.AS_OF.year + 1), draws)[-1]
    most = whole.won + whole.open
    assert whole.wins is not None
    holds = whole.won <= whole.wins.low and whole.wins.high <= most and whole.share.high * leads <= most + 1e-6
    truth = sum(won for _, won, _ in rows) / leads
    found = checks(read, draws)
    of_lifelines = intervals(read, found, seed)
    inside = all(low - 1e-9 <= one.fitted <= high + 1e-9 for one, (low, high) in zip(found, of_lifelines, strict=True))
    return Seen(inside if found else None, holds, whole.share.low - 1e-9 <= truth <= whole.share.high + 1e-9)


def intervals(read: Leads, found: list[Check], seed: int) -> list[tuple[float, float]]:
    """Return lifelines' interval of the share won, on the days of the checks."""
    from lifelines import AalenJohansenFitter  # noqa: PLC0415  # it is no part of what this project needs

    frame = read.frame
    days = frame["day"].fillna(frame["lost_day"]).fillna(frame["until"]).to_numpy(dtype=float)
    event = np.where(frame["is_won"], 1, np.where(frame["is_lost"], 2, 0))
    apart = np.random.default_rng(seed).random(len(days))
    moments = days + np.where(event > 0, 0.05 + 0.4 * apart, 0.5 + 0.4 * apart)
    interval = AalenJohansenFitter(alpha=0.05).fit(moments, event, 1).confidence_interval_
    at = np.searchsorted(interval.index.to_numpy(), [one.day + 0.47 for one in found]) - 1
    return [(float(low), float(high)) for low, high in interval.to_numpy()[at]]


def main() -> None:
    """Print, by company and share open, the exports that were read and in how many the curve is inside."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.losses", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="exports of each kind (default 100)")
    parser.add_argument("--leads", type=int, default=1_500, help="in each (default 1500)")
    asked = parser.parse_args()
    print(f"{'company':14}{'open':>6}{'read':>6}{'checked':>9}{'inside':>8}{'bounds':>8}{'truth in 95 %':>15}")
    for company in losing.COMPANIES:
        for is_open in OPEN:
            count: Counter[str] = Counter()
            with tempfile.TemporaryDirectory() as folder:
                for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
                    one = seen(company, is_open, seed, asked.leads, Path(folder))
                    if one is not None:
                        count.update(read=1, bounds=one.holds_bounds, truth=one.holds_truth)
                        count.update(checked=one.is_inside is not None, inside=bool(one.is_inside))
            numbers = [count[name] for name in ("read", "checked", "inside", "bounds", "truth")]
            print("{:14}{:>6.0%}{:>6}{:>9}{:>8}{:>8}{:>15}".format(company, is_open, *numbers), flush=True)


if __name__ == "__main__":
    main()
