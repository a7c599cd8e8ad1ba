"""The backcast: what a company's records show of the last months, against the same months as simulated."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.amounts import Separator
from sim.calibrate.columns import OTHER_NAMES, Column
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import Export, read_export
from sim.experiment.evaluation_cache import Evaluations, Measure
from sim.experiment.statistics import edges
from sim.measures.work import weeks
from sim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK, Calendar
from sim.model.ledger import SOURCES
from sim.model.record import Record, each
from sim.model.team import PURPOSES
from sim.model.world import simulate
from sim.remarks import remark
from sim.scenario import Scenario

Values = npt.NDArray[np.float64]

PERIOD = "period"
CYCLE = "cycle_days"
FEWEST = 3  # periods
MONTHS_PER_YEAR = 12
LONGEST = 1.5  # times the shortest period: a quarter varies by two days, a month by three
NOT_COMPARED = "not compared"
ROUNDED = 0.002  # of a value: records are rounded


@dataclass(frozen=True)
class Series:
    """Something that both records and worlds show: the columns of a week that make it, other names, and what it depends on.

    A level is the value at the end of a period; all others are summed over it.
    """

    name: str
    of: tuple[str, ...]
    aliases: tuple[str, ...]
    depends_on: str
    is_level: bool = False


NEEDS = "market.segments.*.needs_per_year, market.shortlist.share_without_social, market.seasons.leads"
SERIES = (
    Series("leads", tuple(f"leads_{source}" for source in SOURCES), ("new leads",), NEEDS),
    *(
        Series(f"leads_{source}", (f"leads_{source}",), (f"{source} leads", f"leads from {source}"), "market.contact.*")
        for source in SOURCES
    ),
    Series("qualified", tuple(f"qualified_{source}" for source in SOURCES), ("qualified leads", "mqls", "sqls"),
           remark("pass_share of the first of sales.stages")),
    Series("deals", ("deals_all",), ("won deals", "deals won", "closed won"),
           "sales.stages.*.pass_share, market.seasons.decisions"),
    Series("deals_begun_on_social", ("deals_begun_on_social",), ("deals from social",),
           "market.contact.social, measurement.asking"),
    Series("revenue", ("revenue_all",), ("won revenue", "closed won amount"), "market.segments.*.deal_value"),
    Series("followers", ("followers", "outside_followers"), ("total followers",),
           "recruiting.accepts, channels.*.users, channels.*.outside_per_follower", is_level=True),
    Series("impressions", ("reach",), ("views",), "channels.*.reach, content.formats"),
    Series("engagements", ("interactions",), ("interactions",), "channels.*.engagement_rate"),
    Series("visits_social", ("visits_social",), ("social visits", "organic social sessions"),
           "channels.*.engagement_mix.click, measurement.tagging"),
    Series("visits_search", ("visits_search",), ("search visits", "organic search sessions"), "web.visits_per_week"),
    Series("visits_direct", ("visits_direct",), ("direct visits", "direct sessions"), "web.visits_per_week"),
    Series("hours", tuple(f"hours_{purpose}" for purpose in PURPOSES), ("hours worked",), "team.hours_per_week"),
)  # fmt: skip
OF_DEALS = Series(CYCLE, (), ("days to close", "sales cycle", "average days to close"), "sales.cycle_weeks")
ALL = (*SERIES, OF_DEALS)
BY_NAME = {one.name: one for one in ALL}
COLUMNS = (
    Column(PERIOD, "period", ("month", "week", "date", "quarter", "period start", "from"), filled=True),
    *(Column(one.name, "number", one.aliases, needed=False) for one in ALL),
)


@dataclass(frozen=True)
class Actual:
    """The records: the days on which periods begin and the one on which the last ends, and a value per series and period.

    `values` has shape (periods,) by series; nan where the export has nothing.
    """

    export: Export
    days: tuple[dt.date, ...]
    values: Mapping[str, Values]

    @property
    def periods(self) -> int:
        """How many."""
        return len(self.days) - 1


@dataclass(frozen=True)
class Compared:
    """A series beside the simulated one, by period and over all that the export has; `worlds` has shape (worlds, periods).

    Over all, sums are compared, and means of levels and cycles.
    """

    series: Series
    actual: Values
    worlds: Values

    @property
    def band(self) -> tuple[Values, Values, Values]:
        """Median of worlds, and the range of nine in ten, by period."""
        low, middle, high = _edges(self.worlds)
        return middle, low, high

    @property
    def is_mean(self) -> bool:
        """Whether periods are averaged rather than summed."""
        return self.series.is_level or self.series.name == CYCLE

    @property
    def total(self) -> tuple[float, float, float, float]:
        """Over all periods that the export has: actual, median of worlds, and the range of nine in ten."""
        there = ~np.isnan(self.actual) & ~np.isnan(self.worlds).all(axis=0)
        frame = pd.DataFrame(np.vstack([self.actual, self.worlds])[:, there])
        whole = (frame.mean(axis=1) if self.is_mean else frame.sum(axis=1, min_count=1)).to_numpy(dtype=float)
        low, middle, high = _edges(whole[1:, None])[:, 0].tolist()
        return float(whole[0]), middle, low, high

    @property
    def outside(self) -> list[int]:
        """Numbers of the periods outside the band."""
        _, low, high = self.band
        return [int(number) for number in np.flatnonzero(_is_below(self.actual, low) | _is_below(high, self.actual))]

    @property
    def verdict(self) -> str:
        """Whether the whole lies `inside` nine in ten worlds, `above` or `below`; `not compared` without values."""
        actual, _, low, high = self.total
        if not np.isfinite([actual, low, high]).all():
            return NOT_COMPARED
        return "above" if _is_below(high, actual) else "below" if _is_below(actual, low) else "inside"


def _edges(worlds: Values) -> Values:
    """Return low edge, median and high edge by column, shape (3, columns); nan where no world has a value.

    Quantiles at k / (n + 1), between which another draw of the law falls as often as they say, however many worlds.
    """
    found = np.full((3, worlds.shape[1]), np.nan)
    there = ~np.isnan(worlds).all(axis=0)
    low, high = edges()
    found[:, there] = np.nanquantile(worlds[:, there], [low, 0.5, high], axis=0, method="weibull")
    return found


def _is_below(one: Any, other: Any) -> Any:
    """Return whether a value is below another by more than records are rounded."""
    return one < other - ROUNDED * np.abs(other)


def read_actual(
    path: Path,
    scenario: Scenario,
    *,
    columns: Mapping[str, str] | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
) -> Actual:
    """Read a company's series by week, month or quarter, keeping the periods within the scenario's horizon.

    The last period is as long as the one before it.

    Raises
    ------
    ExportError
        If the file cannot be read, has no series or too few periods, or the scenario covers another time.
    """
    export = read_export(path, COLUMNS, columns, day_order, decimal)
    names = [one.name for one in ALL if one.name in export.found]
    if not names:
        raise ExportError(
            f"no column for any of {', '.join(BY_NAME)}", file=str(path),
            remedy=OTHER_NAMES,
        )  # fmt: skip
    export = export.without(export.frame[PERIOD].duplicated(), remark("a period that is there already"))
    first, last = span(scenario)
    starts = export.frame[PERIOD].sort_values()
    _refuse_gaps(starts, path)
    ends = {day.date(): end.date() for day, end in zip(starts, [*starts[1:], _end(starts)], strict=True)}
    until = pd.to_datetime(export.frame[PERIOD].dt.date.map(ends))
    said = remark("not within the scenario's time, {first} to {last}", first=first, last=last)
    export = export.without((export.frame[PERIOD] < pd.Timestamp(first)) | (until > pd.Timestamp(last)), said)
    frame = export.frame.sort_values(PERIOD)
    if len(frame) < FEWEST:
        raise ExportError(
            f"{len(frame)} periods lie in the scenario's time, {first} to {last}: at least {FEWEST} are needed", file=str(path),
            remedy=f"begin the scenario with the export: --set time.start={starts.iloc[0].date()}",
        )  # fmt: skip
    if frame[names].isna().all(axis=None):
        raise ExportError(
            f"no value of {', '.join(names)} in the scenario's time, {first} to {last}", file=str(path),
            remedy="export it again, with values",
        )  # fmt: skip
    days = [day.date() for day in frame[PERIOD]]
    return Actual(export, (*days, ends[days[-1]]), {name: frame[name].to_numpy(dtype=float) for name in names})


def _end(starts: pd.Series) -> pd.Timestamp:
    """Return the end of the last period: whole months later if periods begin on the first, else as long as the one before."""
    last = pd.Timestamp(starts.iloc[-1])
    before = pd.Timestamp(starts.iloc[-2]) if len(starts) > 1 else last - pd.Timedelta(days=DAYS_PER_WEEK)
    if last.day == before.day == 1:
        return last + pd.DateOffset(months=(last.year - before.year) * MONTHS_PER_YEAR + last.month - before.month)
    return last + (last - before)


def _refuse_gaps(starts: pd.Series, path: Path) -> None:
    days = starts.diff().dropna().dt.days
    if len(days) and days.max() > LONGEST * days.min():
        place = int(np.argmax(days))
        after, before = starts.iloc[place].date(), starts.iloc[place + 1].date()
        raise ExportError(
            f"periods begin {days.min()} to {days.max()} days apart: one may be missing between {after} and {before}",
            file=str(path),
            remedy="give all periods, of weeks, months or quarters; a cell may be empty",
        )  # fmt: skip


def span(scenario: Scenario) -> tuple[dt.date, dt.date]:
    """Return the Monday on which a scenario's clock starts, and the day on which its horizon ends."""
    calendar = Calendar(scenario)
    return calendar.monday, calendar.first_day(scenario.time.horizon_weeks)


def compare(actual: Actual, scenario: Scenario, evaluations: Evaluations, worlds: int, seed: int) -> list[Compared]:
    """Compare every series of an export with the same series in simulated worlds."""
    found = evaluations.outcomes([scenario], names_of(actual), worlds, seed)[0]
    return [
        Compared(BY_NAME[name], values, found[:, number * actual.periods : (number + 1) * actual.periods])
        for number, (name, values) in enumerate(actual.values.items())
    ]


def names_of(actual: Actual) -> tuple[str, ...]:
    """Name what is kept of a world: a series in a period."""
    return tuple(f"{name} from {day}" for name in actual.values for day in actual.days[:-1])


def measure(actual: Actual) -> Measure:
    """Build the measure that keeps every series of the export for each world, by period."""
    names = names_of(actual)
    return Measure(names, functools.partial(_lived, tuple(actual.values), actual.days), f"until {actual.days[-1]}")


def _lived(
    series: tuple[str, ...], days: tuple[dt.date, ...], scenarios: tuple[Scenario, ...], seed: int, replication: int
) -> Mapping[str, Sequence[float]]:
    found: dict[str, list[float]] = {}
    for scenario in scenarios:
        record = simulate(scenario, seed, replication)
        for name, values in shown(record, scenario, series, days).items():
            for day, value in zip(days[:-1], values.tolist(), strict=True):
                found.setdefault(f"{name} from {day}", []).append(value)
    return found


def shown(record: Record, scenario: Scenario, series: Sequence[str], days: Sequence[dt.date]) -> dict[str, Values]:
    """Return what the records of a world show of some series in the periods between days; shape (periods,) by name.

    Weeks that two periods share are divided between them by days.
    """
    first, _ = span(scenario)
    bounds = np.array([(day - first).days / DAYS_PER_WEEK for day in days])
    table = {name: np.asarray(values, dtype=float) for name, values in weeks(record, scenario.measurement.lag_weeks).items()}
    begins = table["week"]
    overlap = np.minimum(bounds[1:, None], begins + 1.0) - np.maximum(bounds[:-1, None], begins)
    parts = np.clip(overlap, 0.0, 1.0)
    last = np.clip(np.ceil(bounds[1:]).astype(int) - 1, 0, len(begins) - 1)
    found = {}
    for name in series:
        one = BY_NAME[name]
        if name == CYCLE:
            found[name] = _cycles(record, bounds)
            continue
        whole = np.sum([table[column] for column in one.of], axis=0)
        found[name] = whole[last] if one.is_level else parts @ whole
    return found


def _cycles(record: Record, bounds: Values) -> Values:
    """Average the days from lead to win over the deals won in each period; nan in a period without any."""
    won = [
        (closed_at / HOURS_PER_WEEK, (closed_at - lead_at) / HOURS_PER_DAY)
        for lead_at, closed_at, is_won in each(record.needs, "lead_at", "closed_at", "won")
        if is_won
    ]
    found = np.full(len(bounds) - 1, np.nan)
    if won:
        at, days = np.array(won).T
        for number in range(len(found)):
            within = (at >= bounds[number]) & (at < bounds[number + 1])
            if within.any():
                found[number] = days[within].mean()
    return found
