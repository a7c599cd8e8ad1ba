"""A world as its company's CRM would export it on the last day: for trying out what can be learned from such exports."""

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

import pandas as pd

from sim.analysis.frames import Frame
from sim.calibrate import backcast
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.customers import FIRST_CONTRACT
from sim.model.history import leads_of_before
from sim.model.market import LATEST_BEFORE
from sim.model.needs import Need
from sim.model.record import Record, each
from sim.model.world import simulate
from sim.report.html.markup import safe_csv
from sim.report.text.words import headline
from sim.scenario import Scenario

LEADS, RENEWALS, MONTHS = "crm_leads.csv", "crm_renewals.csv", "crm_months.csv"
FIRST_WORLD = 0
ROUNDED = 2  # decimals


def write(results: Results, folder: Path) -> list[Path]:
    """Simulate the first world of the reported level again, and write it as three exports; return the paths."""
    scenario = _spoken_of(results)
    seed = int(results.manifest["seed"])
    record, before = simulate(scenario, seed, FIRST_WORLD), leads_of_before(scenario, seed, FIRST_WORLD)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / LEADS, folder / RENEWALS, folder / MONTHS]
    frames = (leads(record, scenario, before), renewals(record, scenario), months(record, scenario))
    for path, frame in zip(paths, frames, strict=True):
        safe_csv(frame, path)
    return paths


def day(results: Results) -> dt.date:
    """Return the day of the export of results."""
    return last_day(_spoken_of(results))


def _spoken_of(results: Results) -> Scenario:
    return Plan.from_results(results).points[headline(results).point].scenario


def last_day(scenario: Scenario) -> dt.date:
    """Return the day of the export: the horizon."""
    return backcast.span(scenario)[1]


def leads(record: Record, scenario: Scenario, before: Sequence[Need]) -> Frame:
    """Return a row per lead that came by the last day, those of years past among them.

    Source, days on which it entered each stage, was won or lost, and value if won. `before` are leads that were closed before
    the first day: a CRM keeps them, and without them those that were open on that day would be odd ones, which take long.
    """
    until, stages = scenario.time.horizon_weeks * HOURS_PER_WEEK, list(scenario.sales.stages)
    columns = ("lead_at", "closed_at", "won", "value", "recorded_source", "steps", "decided_at")
    rows = []
    earlier = map(attrgetter("account.index", "number", *columns), before)
    for account, need, lead_at, closed_at, won, value, source, steps, decided_at in (
        *earlier,
        *each(record.needs, "account", "need", *columns),
    ):
        if not source or not lead_at <= until:
            continue
        left = dict(zip(steps, decided_at, strict=True))
        entered = dict(zip(stages, [lead_at, *(left.get(stage) for stage in stages[:-1])], strict=True))
        is_closed = closed_at is not None and closed_at <= until
        row = {"lead": _name(account, need), "first_contact_on": lead_at, "source": source}
        row |= {
            f"{stage}_on": at if at is not None and (not at >= closed_at or stage == stages[0]) else None
            for stage, at in entered.items()
        }
        row |= {"won_on": closed_at if won else None, "lost_on": None if won else closed_at}
        row |= {"value": value if won and is_closed else None, "outcome": "won" if won and is_closed else "not won"}
        rows.append(row)
    days = ["first_contact_on", *(f"{stage}_on" for stage in stages), "won_on", "lost_on"]
    frame = pd.DataFrame(rows, columns=["lead", "first_contact_on", "source", *days[1:], "value", "outcome"])
    return frame.assign(**{name: _days(frame[name], scenario, until) for name in days})


def _name(account: int, need: int) -> str:
    """Return a lead's id, and its contract's; those from before the first day are counted backwards."""
    if need == FIRST_CONTRACT:
        return f"{account}-first"
    return f"{account}-{need}" if need >= 0 else f"{account}-before-{-need + LATEST_BEFORE + 1}"


def renewals(record: Record, scenario: Scenario) -> Frame:
    """Return one row for each anniversary of a contract held by the last day, and whether it was renewed."""
    until = scenario.time.horizon_weeks * HOURS_PER_WEEK
    rows = [
        {"contract": _name(account, need), "due_on": time, "renewed": "yes" if renewed else "no"}
        for account, need, time, held, renewed in each(record.renewals, "account", "need", "time", "held", "renewed")
        if held and time <= until
    ]
    frame = pd.DataFrame(rows, columns=["contract", "due_on", "renewed"])
    return frame.assign(due_on=_days(frame["due_on"], scenario, until))


def months(record: Record, scenario: Scenario) -> Frame:
    """Return one row per whole month, with everything that sim backcast compares."""
    first, last = backcast.span(scenario)
    starts = pd.date_range(first, last, freq="MS")
    names = list(backcast.BY_NAME)
    found = backcast.shown(record, scenario, names, [day.date() for day in starts])
    return pd.DataFrame({backcast.PERIOD: starts[:-1].strftime("%Y-%m-%d"), **found}).round(ROUNDED)


def _days(hours: pd.Series, scenario: Scenario, until: float) -> pd.Series:
    """Convert moments to days; missing if they are after the last day."""
    known = pd.to_numeric(hours).where(lambda at: at <= until)
    return (pd.Timestamp(backcast.span(scenario)[0]) + pd.to_timedelta(known // HOURS_PER_DAY, unit="D")).dt.strftime(
        "%Y-%m-%d"
    )
