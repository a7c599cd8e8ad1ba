"""Make the worlds of the bench: what tools may see, each world in a folder of its own, and the truth apart."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame, by_point
from sim.bench.families import GROUPS, Family
from sim.bench.families import families as known_families
from sim.experiment.backends import HERE, Workers
from sim.experiment.errors import ResultsError
from sim.experiment.plan import Plan, Point
from sim.experiment.results import Results, read
from sim.experiment.runner import Progress, execute, resume
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.report.export import tools
from sim.report.export.tools import Column, Export, File
from sim.report.html.markup import safe_csv

TRUTH, WORLDS, RUNS = "truth.csv", "worlds", "runs"
JOURNEYS, WEEKS = "journeys", "weeks"  # measures: what the value of an answer adds up over; and GROUPS
KEEP, DOUBLE = 0, 1  # points of each run: the hours given, and twice as many
HALVES = 2  # every second account is treated
CONTROLS = 10  # groups of the others
SHUFFLED = 13_000_021  # added to the seed
COMPANY = {
    "world": Column("name of the world, to be repeated in the answer"),
    "currency": Column("of all amounts"),
    "margin": Column("share of the value of a deal that is earned"),
    "hours_per_week": Column("worked on social media, once the team works as planned"),
    "cost": Column("of all these hours; in groups.csv, of the half of them that is for treated accounts"),
    "first_day": Column("first day of the data"),
    "begins": Column("first day of the team's work; the first day of the data where it has always worked"),
    "weeks": Column("length of the data"),
}
GROUP_COLUMNS = {
    "group": Column("treated, or one of ten groups that are kept from social media", "pysyncon: unit_variable"),
    "is_treated": Column("1 for the treated group", "pysyncon: treatment_identifier"),
    "accounts": Column("accounts of the group; divide by them, as the treated group is the largest"),
    "quarter": Column("of 13 weeks, from 0", "pysyncon: time_variable"),
    "date": Column("first day of the quarter"),
    "after": Column("1 from the quarter on in which the team begins"),
    "deals": Column("deals won in the quarter"),
    "sales": Column("target: first-year value of deals won in the quarter", "pysyncon: dependent, per account"),
}


def make(
    folder: Path, families: Sequence[Family], replications: int, hours: float, seed: int, *,
    workers: Workers = HERE, progress: Progress | None = None,
) -> Frame:  # fmt: skip
    """Run what is not run yet, and write the data and the truth; a row per world and measure.

    Each family has draws of its own, so worlds are independent of each other. Their names say nothing of what is true, and are
    the same whichever families are asked for.
    """
    runs = []
    numbers = {family: number for number, family in enumerate(known_families())}  # the same seed, whichever are asked for
    for number, family in enumerate(families):
        runs.append(_run(folder / RUNS / family.name, family, replications, hours, seed + numbers[family], workers))
        if progress is not None:
            progress(number + 1, len(families))
    shutil.rmtree(folder / WORLDS, ignore_errors=True)
    rows: list[dict[str, Any]] = []
    for family, results in zip(families, runs, strict=True):
        mine = names_of(numbers[family], replications, seed)
        write = _write_groups if family.pattern == GROUPS else _write_whole
        said = {"pattern": family.pattern, "effect": family.effect, "records": family.records, "seasons": family.seasons}
        rows += [said | row for row in write(folder / WORLDS, results, mine, hours)]
    truth = pd.DataFrame(rows).sort_values(["world", "measure"], kind="stable").reset_index(drop=True)
    safe_csv(truth, folder / TRUTH)
    return truth


def names_of(number: int, replications: int, seed: int) -> list[str]:
    """Return the names of the worlds of a family by its number, out of the shuffled names of all families."""
    names = np.random.default_rng([seed, SHUFFLED]).permutation(len(known_families()) * replications)
    return [f"{name:03d}" for name in names[number * replications :][:replications]]


def read_truth(folder: Path) -> Frame:
    """Read the truth of all worlds.

    Raises
    ------
    ResultsError
        If there are no worlds.
    """
    path = folder / TRUTH
    if not path.is_file():
        raise ResultsError(f"{folder}: there are no worlds of the bench; make them: sim bench make {folder}")
    return pd.read_csv(path, dtype={"world": str, "seasons": str}, keep_default_na=False, na_values=[""])


def _run(folder: Path, family: Family, replications: int, hours: float, seed: int, workers: Workers) -> Results:
    """Run a family at the hours given and at twice as many; or take what is there, if it is that."""
    points = tuple(Point(f"{level:g} h/week", family.scenario(level)) for level in (hours, 2.0 * hours))
    plan = Plan(family.name, points, replications, seed)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        return execute(plan, folder, workers=workers)
    found = read(folder)
    asked = plan.manifest()
    if any(found.manifest[key] != asked[key] for key in ("seed", "replications", "points", "package_version")):
        raise ResultsError(f"{folder}: holds other worlds; give a new folder, or the options that made it")
    return found if found.is_finished else resume(folder, workers=workers)


def _write_whole(folder: Path, results: Results, names: Sequence[str], hours: float) -> list[dict[str, Any]]:
    """Write the worlds in which every account is reached; their truths."""
    for export in tools.EXPORTS.values():
        for file in export.files:
            if not file.is_truth:
                rows = file.rows(results)
                for world, name in enumerate(names):
                    _write(folder / name, file, rows[(rows["point"] == KEEP) & (rows["replication"] == world)])
    found = []
    leads, weeks = _of_keep(tools.journeys(results)), _of_keep(tools.weeks_truth(results))
    deals = _of_keep(results.table("deals"))
    for world, name in enumerate(names):
        common = _common(results, world, name, 1.0)
        _write_about(folder / name, results, common, hours, tuple(tools.EXPORTS.values()))
        mine = deals[(deals["replication"] == world) & deals["twin_won"]]
        others = {f"true_{path}": mine.loc[mine["path"] == path, "value"].sum() for path in ("web", "offline", "referral")}
        true = leads.loc[leads["replication"] == world, "true_increment"].sum()
        found.append(common | {"measure": JOURNEYS, "truth": true} | others)
        true = weeks.loc[weeks["replication"] == world, "true_contribution"].sum()
        found.append(common | {"measure": WEEKS, "truth": true})
    return found


def _write_groups(folder: Path, results: Results, names: Sequence[str], hours: float) -> list[dict[str, Any]]:
    """Write the worlds in which every second account is kept from social media, as if it lived in the twin."""
    found = []
    deals = _of_keep(results.table("deals"))
    file = File("groups.csv", lambda _: pd.DataFrame(), GROUP_COLUMNS)
    for world, name in enumerate(names):
        mine = deals[deals["replication"] == world]
        common = _common(results, world, name, 1.0 / HALVES)
        _write(folder / name, file, by_group(mine, results.manifest["points"][KEEP]["scenario"]))
        about = "A company that keeps every second account from social media, by group and quarter."
        _write_about(folder / name, results, common, hours, (Export(GROUPS, about, (file,)),))
        treated = mine[mine["account"] % HALVES == 0]
        until = results.manifest["points"][KEEP]["scenario"]["time"]["horizon_weeks"]
        won, twin_won = (
            treated.loc[treated[f"{twin}won"] & (treated[f"{twin}closed_week"] < until), "value"].sum()
            for twin in ("", "twin_")
        )
        found.append(common | {"measure": GROUPS, "truth": won - twin_won})
    return found


def by_group(deals: Frame, scenario: dict[str, Any]) -> Frame:
    """Return deals and sales by group and quarter of a world in which every second account lives as in the twin.

    An ideal test, as nothing leaks from one group to another; the same as `sim.measures.quarters` calls a hold-out test.
    """
    treated = deals["account"] % HALVES == 0
    group = np.where(treated, "treated", "control_" + ((deals["account"] // HALVES) % CONTROLS).astype(str))
    seen = deals.assign(
        group=group,
        won=np.where(treated, deals["won"], deals["twin_won"]),
        quarter=np.floor(np.where(treated, deals["closed_week"], deals["twin_closed_week"]) / WEEKS_PER_QUARTER),
    )
    sums = seen[seen["won"]].groupby(["group", "quarter"])["value"].agg(deals="size", sales="sum")
    accounts, quarters = scenario["market"]["accounts"], scenario["time"]["horizon_weeks"] // WEEKS_PER_QUARTER
    numbers = pd.Series(np.arange(accounts))
    sizes = {"treated": int((numbers % HALVES == 0).sum())}
    for control in range(CONTROLS):
        sizes[f"control_{control}"] = int(((numbers % HALVES == 1) & ((numbers // HALVES) % CONTROLS == control)).sum())
    every = pd.MultiIndex.from_product([list(sizes), range(quarters)], names=["group", "quarter"])
    frame = sums.reindex(every, fill_value=0.0).reset_index()
    begins = scenario["hours_policy"]["starts_week"] // WEEKS_PER_QUARTER
    first = pd.Timestamp(scenario["time"]["start"])
    return frame.assign(
        is_treated=(frame["group"] == "treated").astype(int),
        accounts=frame["group"].map(sizes),
        date=(first + pd.to_timedelta(frame["quarter"] * WEEKS_PER_QUARTER * 7, unit="D")).dt.strftime("%Y-%m-%d"),
        after=(frame["quarter"] >= begins).astype(int),
        deals=frame["deals"].astype(int),
    )


def _of_keep(frame: Frame) -> Frame:
    return frame[frame["point"] == KEEP]


def _common(results: Results, world: int, name: str, part: float) -> dict[str, Any]:
    """Return what is true of a world whatever is measured of it: what its hours cost, and what each decision returns."""
    keep, double = (frame.set_index("replication").loc[world] for frame in by_point(results))
    scenario = results.manifest["points"][KEEP]["scenario"]
    return {
        "world": name,
        "seed": results.manifest["seed"],
        "replication": world,
        "cost": part * keep["cost"],
        "margin": scenario["sales"]["margin"],
        "return_stop": 0.0,
        "return_keep": keep["net_return_expected"],
        "return_double": double["net_return_expected"],
    }


def _write(folder: Path, file: File, rows: Frame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    safe_csv(rows[list(file.columns)], folder / file.name)


def _write_about(folder: Path, results: Results, common: dict[str, Any], hours: float, exports: Sequence[Export]) -> None:
    """Write what a company knows of itself, and what the columns of all files mean."""
    scenario = results.manifest["points"][KEEP]["scenario"]
    first = pd.Timestamp(scenario["time"]["start"])
    begins = first + pd.Timedelta(weeks=scenario["hours_policy"]["starts_week"])
    row = {
        "world": common["world"], "currency": scenario["currency"], "margin": common["margin"], "hours_per_week": hours,
        "cost": round(common["cost"], 2), "first_day": f"{first:%Y-%m-%d}", "begins": f"{begins:%Y-%m-%d}",
        "weeks": scenario["time"]["horizon_weeks"],
    }  # fmt: skip
    company = File("company.csv", lambda _: pd.DataFrame(), COMPANY)
    _write(folder, company, pd.DataFrame([row]))
    said = [tools.dictionary(export, with_truth=False) for export in exports]
    said.append(tools.dictionary(Export("company", "What the company knows of itself.", (company,))))
    safe_csv(pd.concat(said, ignore_index=True), folder / "dictionary.csv")
