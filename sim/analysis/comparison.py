"""Points compared with one of them, world by world."""

import math
from collections.abc import Sequence

import pandas as pd

from sim.analysis.frames import Frame, by_point, spread
from sim.experiment.combined import in_folder
from sim.experiment.results import Results
from sim.experiment.statistics import CONFIDENCE, holm, mean, paired_p_value

COMPARED = {
    "net_deals_expected": "deals",
    "net_margin_expected": "currency",
    "net_return_expected": "currency",
    "net_return": "currency",
    "shortlist_share": "share",
    "retention": "share",
    "deals_begun_on_social": "deals",
}


def point_names(results: Sequence[Results]) -> list[str]:
    """Return the names of all points of some results: their labels, with the folder's name if labels are ambiguous."""
    return named_apart(results, [one.labels for one in results])


def named_apart(results: Sequence[Results], names: Sequence[Sequence[str]]) -> list[str]:
    """Return names of all points of some results, with the folder's name if their labels are ambiguous."""
    labels = [label for one in results for label in one.labels]
    if len(set(labels)) == len(labels):
        return [name for those in names for name in those]
    return [in_folder(one.folder.name, name) for one, those in zip(results, names, strict=True) for name in those]


def paired_differences(results: list[Results], baseline: str | None = None) -> Frame:
    """Compare every point with the baseline, paired by world on the same draws; p-values are adjusted by Holm.

    Besides each difference's own interval there is one that holds for all points at once (`all_low`, `all_high`; Bonferroni).
    """
    every = (frame.set_index("replication") for one in results for frame in by_point(one))
    frames = dict(zip(point_names(results), every, strict=True))
    chosen = baseline or next(iter(frames))
    others = max(1, len(frames) - 1)
    rows = []
    for label, frame in frames.items():
        if label == chosen:
            continue
        for measure, unit in COMPARED.items():
            difference = (frame[measure] - frames[chosen][measure]).dropna().to_numpy(dtype=float)
            at_once = mean(difference, 1.0 - (1.0 - CONFIDENCE) / others)
            rows.append(
                {
                    "point": label,
                    "baseline": chosen,
                    "measure": measure,
                    "unit": unit,
                    **spread("difference", mean(difference)),
                    "all_low": at_once.low,
                    "all_high": at_once.high,
                    "p_value": paired_p_value(difference),
                    "worlds": len(difference),
                }
            )
    table = pd.DataFrame(rows)
    if len(table):
        known = table["p_value"].notna()
        table["p_holm"] = math.nan
        table.loc[known, "p_holm"] = holm(table.loc[known, "p_value"].tolist())
    return table
