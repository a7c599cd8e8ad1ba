"""Several results as one, to be shown side by side: the points of all, each folder a case of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.experiment.designs import CASE
from sim.experiment.errors import ResultsError
from sim.experiment.results import Results

SAME = {"seed": "seed", "replications": "number of replications", "spillover": "say on --spillover"}


@dataclass(frozen=True)
class CombinedResults(Results):
    """Results of several folders; their points follow one another, and carry the folder's name; timing is that of the first."""

    parts: tuple[Results, ...] = ()

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a table of all folders, with points renumbered across them.

        Raises
        ------
        ResultsError
            As `Results.table`.
        """
        frames, before = [], 0
        for part in self.parts:
            frame = part.table(name, columns)
            frames.append(frame.assign(point=frame["point"] + before) if "point" in frame else frame)
            before += len(part.labels)
        return pd.concat(frames, ignore_index=True)

    def origin(self, point: int) -> tuple[Results, int]:
        """Return the results that a point comes from, and which one it is there."""
        for part in self.parts:
            if point < len(part.labels):
                return part, point
            point -= len(part.labels)
        raise IndexError(point)

    @property
    def is_finished(self) -> bool:
        """Whether the tables of all have been put together."""
        return all(part.is_finished for part in self.parts)


def together(parts: Sequence[Results]) -> Results:
    """Combine results side by side; a single one is returned as it is.

    Raises
    ------
    ResultsError
        If one is given twice, or they have no worlds in common: another seed, number of replications or currency.
    """
    first, *others = parts
    if not others:
        return first
    names = [folder_name(one) for one in parts]
    if len(set(names)) < len(names):
        raise ResultsError("results side by side need folders of different names, each given once")
    for key, said in SAME.items():
        values = [str(one.manifest[key]) for one in parts]
        if len(set(values)) > 1:
            raise ResultsError(f"results side by side need the same {said}; these have {', '.join(values)}")
    if len({one.currency for one in parts}) > 1:
        raise ResultsError(f"results side by side need one currency; these have {', '.join(one.currency for one in parts)}")
    points = [_of_case(point, name) for one, name in zip(parts, names, strict=True) for point in one.manifest["points"]]
    manifest = {**first.manifest, "name": ", ".join(names), "points": points}
    return CombinedResults(first.folder, manifest, tuple(parts))


def folder_name(results: Results) -> str:
    """Return what results are called beside others."""
    return results.folder.resolve().name


def in_folder(folder: str, name: str) -> str:
    """Return what a point, or a case, of the results in a folder is called beside those of others."""
    return f"{folder}: {name}"


def _of_case(point: dict[str, Any], name: str) -> dict[str, Any]:
    settings = point.get("settings", {})
    case = in_folder(name, settings[CASE]) if CASE in settings else name
    others = {key: value for key, value in settings.items() if key != CASE}
    return {**point, "label": in_folder(name, point["label"]), "settings": {CASE: case} | others}
