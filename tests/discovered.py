"""Sets of assumptions and points of a design whose returns follow from a known box."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment import Results
from tests.tables import drawn_by_lot

MARGIN, NEEDS, COST = "sales.margin", "market.segments.all.needs_per_year", "sales.seller_cost_per_hour"
HOURS = (10.0, 40.0)


def sets_file(folder: Path, sets: int = 300, seed: int = 1, luck: float = 0.05) -> Path:
    """The file of an ensemble: every level loses where the margin is below 0.4 and needs are below 0.5, but for luck.

    Elsewhere 10 hours return most if touches move minds, and 40 if they do not.
    """
    rng = np.random.default_rng(seed)
    margin, needs, cost, moved = (
        rng.uniform(0.1, 0.9, sets),
        rng.random(sets),
        rng.uniform(30, 90, sets),
        rng.random(sets) < 0.6,
    )
    loses = ((margin < 0.4) & (needs < 0.5)) ^ (rng.random(sets) < luck)
    best = np.where(moved, *HOURS)
    columns = {"member": range(sets), "has_effect": moved, "weight": 1.0 / sets, "fact deals": rng.random(sets)}
    for hours in HOURS:
        returns = np.where(loses, -1_000.0, np.where(best == hours, 1_000.0, 500.0))
        columns[f"discounted_return at {hours:g}"] = returns
        columns[f"discounted_return again at {hours:g}"] = np.where(np.arange(sets) % 6 == 0, returns, np.nan)
        columns[f"net_return at {hours:g}"] = returns
    columns |= {MARGIN: margin, NEEDS: needs, COST: cost, "effects.good_post": np.where(moved, rng.uniform(1, 2, sets), 1.0)}
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(columns).to_csv(folder / "members.csv", index=False)
    return folder


class Lived(Results):
    """Results whose net return in each world is given by what the point is and by the luck of the world."""

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        assert name == "outcomes"
        worlds, points = self.manifest["replications"], self.manifest["points"]
        luck = np.random.default_rng(3).normal(0.0, 50.0, worlds)  # of a world, at all points
        at = [one["settings"] for one in points]
        loses = np.array([one[MARGIN] < 0.4 and one[COST] > 50.0 for one in at])
        own = np.random.default_rng(4).normal(0.0, 50.0, (len(points), worlds))
        returns = np.where(loses, -200.0, 200.0)[:, np.newaxis] + luck + own
        frame = pd.DataFrame(
            {
                "point": np.repeat(np.arange(len(points)), worlds),
                "replication": np.tile(np.arange(worlds), len(points)),
                "net_return_expected": returns.ravel(),
                "cost": 100.0,
            }
        )
        return frame if columns is None else frame[columns]


def lived(folder: Path, *more: str, points: int = 200, worlds: int = 8) -> Lived:
    """A Latin hypercube over margin and the cost of sellers, in which margins below 0.4 lose where sellers cost above 50."""
    made = drawn_by_lot(folder, (f"{MARGIN}=0.1:0.9", f"{COST}=30:90", *more), points, worlds)
    return Lived(made.folder, made.manifest)
