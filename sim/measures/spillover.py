"""Direct and spillover effects, from a third world in which sales load, word of mouth and crises are the twin's."""

from sim.measures.causal_effects import Window, net_deals, net_renewals
from sim.model.record import Record

DIVIDED = tuple(
    f"{what}{estimator}" for what in ("deals", "revenue", "renewals", "renewal_margin") for estimator in ("", "_expected")
)  # the net results that are told apart


def divided(row: dict[str, float], third: Record | None, twin: Record, window: Window, margin: float) -> dict[str, float]:
    """Divide each net result in `row` into direct effects and spillover; nan without a third world.

    Direct is the third world less the twin, spillover the world less the third: together the net result.
    """
    if third is None:
        return {f"{part}_{name}": float("nan") for part in ("direct", "spillover") for name in DIVIDED}
    direct = net_deals(third, twin, window, margin) | net_renewals(third, twin, window, margin)
    return {f"direct_{name}": direct[f"net_{name}"] for name in DIVIDED} | {
        f"spillover_{name}": row[f"net_{name}"] - direct[f"net_{name}"] for name in DIVIDED
    }
