# /// script
# requires-python = ">=3.11"
# dependencies = []
# [tool.sim-bench]
# title = "sim's own models and tests"
# patterns = ["constant", "ramped", "pulsed", "switched_on", "groups"]
# ///
"""The program's own attribution models, and two of its tests against luck: before and after, and a hold-out."""

import sys
from pathlib import Path

import pandas as pd

from sim.experiment.detection import ALPHA, before_and_after, hold_out
from sim.measures.attribution import Lead, by_source, credit_shares, markov_among_all, removal_effects
from sim.scenario.schema.measurement import Attribution

HOURS_PER_WEEK = 168.0


def credited(data: Path) -> dict[str, dict[str, float]]:
    """Return the value credited to each source by each model, and by Markov among all sources."""
    touches = pd.read_csv(data / "touches.csv", parse_dates=["time"])
    hours = (touches["time"] - touches["time"].min()).dt.total_seconds() / 3600.0
    sources = pd.read_csv(data / "journeys.csv", keep_default_na=False).set_index("lead")["lead_source"]
    found = []
    for name, rows in touches.assign(hours=hours).groupby("lead", sort=False):
        journey = tuple(zip(rows["hours"], rows["source"], strict=True))
        value = float(rows["value_at_close"].sum())
        found.append(Lead(0, len(found), journey, sources[name], bool(rows["closes"].any()), value))
    table = pd.DataFrame(by_source(found, credit_shares(found, Attribution())))
    models = {model: mine.set_index("source")["revenue"].to_dict() for model, mine in table.groupby("model", sort=False)}
    shares = markov_among_all(removal_effects(found, of_value=True))
    worth = sum(lead.value for lead in found)
    return models | {"markov, all sources": {source: share * worth for source, share in shares.items()}}


def told_before_and_after(data: Path, begins: int) -> tuple[float, int]:
    """Return how much more was sold than at the rate of before, and whether leads of the last years differ beyond luck."""
    weeks = pd.read_csv(data / "weeks.csv")
    is_after = weeks["week"] >= begins
    more = weeks.loc[is_after, "sales"].sum() - weeks.loc[~is_after, "sales"].mean() * is_after.sum()
    first = pd.to_datetime(pd.read_csv(data / "journeys.csv")["first_time"])
    week = (first - pd.to_datetime(weeks["date"].iloc[0])).dt.days // 7
    year_before, last_year = (int(week.between(until - 52, until - 1).sum()) for until in (begins, len(weeks)))
    p = before_and_after(pd.Series([year_before]).to_numpy(float), pd.Series([last_year]).to_numpy(float))
    return float(more), int(p[0] <= ALPHA)


def told_by_hold_out(data: Path) -> tuple[float, int]:
    """Return how much more the treated accounts bought since then, and whether their deals differ beyond luck."""
    groups = pd.read_csv(data / "groups.csv")
    sums = groups[groups["after"] == 1].groupby("is_treated")[["deals", "sales"]].sum()
    p = hold_out(sums.loc[[1], "deals"].to_numpy(float), sums.loc[[0], "deals"].to_numpy(float))
    return float(sums.loc[1, "sales"] - sums.loc[0, "sales"]), int(p[0] <= ALPHA)


data, out = map(Path, sys.argv[1:])
company = pd.read_csv(data / "company.csv", dtype={"world": str}, parse_dates=["first_day", "begins"]).iloc[0]
begins = (company["begins"] - company["first_day"]).days // 7
rows: list[tuple[object, ...]] = []
if (data / "groups.csv").is_file():
    rows.append((company["world"], "hold-out test", "groups", "organic_social", *told_by_hold_out(data)))
else:
    for model, by in credited(data).items():
        rows += [(company["world"], model, "journeys", source, value, "") for source, value in by.items()]
    if begins > 0:
        rows.append((company["world"], "before and after", "weeks", "organic_social", *told_before_and_after(data, begins)))
pd.DataFrame(rows, columns=["world", "method", "measure", "channel", "value", "finds"]).to_csv(out, index=False)
