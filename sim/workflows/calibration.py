"""Learn parameters from a company's own exports, and write them as overrides that scenarios extend."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypedDict, Unpack

from sim.calibrate import columns as mappings
from sim.calibrate import leads as of_leads
from sim.calibrate import look as looking
from sim.calibrate import overrides as written
from sim.calibrate import wins
from sim.calibrate.channels import read_channel
from sim.calibrate.deals import read_deals
from sim.calibrate.estimates import Findings
from sim.calibrate.renewals import read_renewals
from sim.calibrate.stages import default_stages, read_stages
from sim.experiment.errors import ResultsError
from sim.experiment.places import check_file
from sim.remarks import remark
from sim.report.answers.estimates import Estimates
from sim.report.answers.leads import LeadsToCome
from sim.report.answers.look import Looked
from sim.scenario import yaml
from sim.workflows.options import Folder

DayOrder = Literal["dmy", "mdy"]
DecimalMark = Literal[".", ","]
ExportKind = Literal["leads", "deals", "stages", "renewals", "channel", "backcast"]


class ExportOptions(TypedDict, total=False):
    """Options for reading an export, and for writing what it shows; see `Reading`."""

    columns: Folder | None
    day_order: DayOrder | None
    overrides: Folder | None
    force: bool


class EstimateOptions(ExportOptions, total=False):
    """The same, where overrides may extend those of another export."""

    extends: Folder | None


@dataclass(frozen=True)
class Reading:
    """Options for reading an export, and for writing what it shows.

    Attributes
    ----------
    columns
        A YAML file that says what the columns are called.
    day_order
        Order of dates such as 03/04/2018, where the file leaves it open.
    overrides
        A YAML file to write, for scenarios to extend.
    extends
        A file that the overrides extend in turn, such as another export's.
    force
        Replace a file that is there.

    Raises
    ------
    ResultsError
        If the overrides cannot be written.
    ScenarioError
        If the file that they extend cannot be read.
    """

    columns: Folder | None = None
    day_order: DayOrder | None = None
    overrides: Folder | None = None
    extends: Folder | None = None
    force: bool = False

    def __post_init__(self) -> None:
        if self.overrides is not None:
            check_file(Path(self.overrides), self.force, "overrides.yaml")
        if self.extends is not None:
            yaml.read(Path(self.extends))
            if self.overrides is not None and Path(self.overrides).resolve() == Path(self.extends).resolve():
                raise ResultsError(
                    remark("{extends}: a file cannot extend itself; write the overrides to another", extends=self.extends)
                )

    @classmethod
    def of(cls, options: Any) -> Self:
        """Take options by name."""
        return cls(**options)

    @property
    def mapping(self) -> mappings.ColumnMapping:
        """What the columns are called."""
        return mappings.ColumnMapping() if self.columns is None else mappings.read_mapping(Path(self.columns))

    def keep(self, text: Callable[[], str]) -> None:
        """Write overrides, if they are asked for."""
        if self.overrides is not None:
            written.write(text(), Path(self.overrides))

    def estimates(self, found: Findings) -> Estimates:
        """Write what was found as overrides, if they are asked for, and answer with it."""
        base = (
            None
            if self.extends is None or self.overrides is None
            else written.relative(Path(self.extends), Path(self.overrides))
        )
        self.keep(lambda: written.of_findings(found, base))
        return Estimates(found)


def calibrate_leads(
    file: Folder,
    as_of: dt.date,
    *,
    since: dt.date | None = None,
    recorded_since: dt.date | None = None,
    forecast_to: dt.date | None = None,
    all_won: bool = False,
    **options: Unpack[ExportOptions],
) -> LeadsToCome:
    """Estimate how many leads of each source will be won, how long that takes, and how many are won by a date.

    A lead that the file calls lost will not be won any more: a loss is a competing event.

    Parameters
    ----------
    file
        A CSV file with a row per lead.
    as_of
        Day of the export; what happens later is not known.
    since
        Answer for leads first contacted from then on.
    recorded_since
        Wins before were not on record: earlier leads then show only how long wins take.
    forecast_to
        Also estimate how many of these leads are won by then.
    all_won
        Every day of closing is that of a win, whatever the file says of outcomes.
    **options
        `columns`, `day_order`, `overrides` and `force`: see `sim.workflows.calibration.Reading`.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        If the export cannot be used or the overrides cannot be written.

    Examples
    --------
    >>> answer = sim.calibrate_leads("leads.csv", datetime.date(2018, 3, 31))
    >>> [one["source"] for one in answer.to_dict()["sources"]]
    ['email', 'organic_search', 'social', 'referral']
    """
    how = Reading.of(options)
    dates = of_leads.Dates(as_of, since, recorded_since)
    read = of_leads.read_leads(Path(file), dates, mapping=how.mapping, day_order=how.day_order, all_won=all_won)
    draws = wins.fitted(read)
    found = wins.answers(read, forecast_to, draws)
    how.keep(lambda: written.of_leads(read, found[-1]))
    return LeadsToCome(read, found, forecast_to, wins.checks(read, draws))


def calibrate_deals(
    file: Folder,
    *,
    segment: str = "all",
    decimal: DecimalMark | None = None,
    all_won: bool = False,
    **options: Unpack[EstimateOptions],
) -> Estimates:
    """Estimate the first-year values of won deals: their median and spread.

    Parameters
    ----------
    file
        A CSV file with a row per deal.
    segment
        Segment of the market that the deals are of.
    decimal
        Mark of amounts such as 1,234, where the file leaves it open.
    all_won
        Every row is a won deal, whatever the file says of outcomes.
    **options
        `columns`, `day_order`, `overrides`, `extends` and `force`: see `sim.workflows.calibration.Reading`.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        As `calibrate_leads` does.

    Examples
    --------
    >>> answer = sim.calibrate_deals("deals.csv")
    >>> [one["path"] for one in answer.to_dict()["estimates"]][0]
    'market.segments.all.deal_value.median'
    """
    how = Reading.of(options)
    return how.estimates(
        read_deals(Path(file), segment, mapping=how.mapping, day_order=how.day_order, decimal=decimal, all_won=all_won)
    )


def calibrate_stages(
    file: Folder, as_of: dt.date, *, stages: str | Sequence[str] | None = None, **options: Unpack[EstimateOptions]
) -> Estimates:
    """Estimate the share of deals that passes each stage, and how long won deals take.

    Parameters
    ----------
    file
        A CSV file with a row per deal.
    as_of
        Day of the export; what happens later is not known.
    stages
        Names of the stages in their order; by default those of the common scenario.
    **options
        As for `calibrate_deals`.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        As `calibrate_leads` does.

    Examples
    --------
    >>> answer = sim.calibrate_stages("stages.csv", datetime.date(2018, 3, 31))
    >>> [one["path"] for one in answer.to_dict()["estimates"]][0]
    'sales.stages.marketing_qualified.pass_share'
    """
    how = Reading.of(options)
    given = stages.split(",") if isinstance(stages, str) else stages
    names = default_stages() if given is None else [name.strip() for name in given]
    return how.estimates(read_stages(Path(file), as_of, names, columns=how.mapping.columns, day_order=how.day_order))


def calibrate_renewals(file: Folder, as_of: dt.date, **options: Unpack[EstimateOptions]) -> Estimates:
    """Estimate the share of contracts that is renewed each year.

    Parameters
    ----------
    file
        A CSV file with a row per renewal or per contract.
    as_of
        Day of the export; what happens later is not known.
    **options
        As for `calibrate_deals`.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        As `calibrate_leads` does.

    Examples
    --------
    >>> answer = sim.calibrate_renewals("renewals.csv", datetime.date(2018, 3, 31))
    >>> [one["path"] for one in answer.to_dict()["estimates"]]
    ['customers.renewal_share']
    """
    how = Reading.of(options)
    return how.estimates(read_renewals(Path(file), as_of, mapping=how.mapping, day_order=how.day_order))


def calibrate_channel(
    file: Folder, *, channel: str = "network", decimal: DecimalMark | None = None, **options: Unpack[EstimateOptions]
) -> Estimates:
    """Estimate engagements per impression on a channel, and what they are.

    Parameters
    ----------
    file
        A platform's export as CSV, with a row per post or per week.
    channel
        Name of the channel in the scenario.
    decimal
        Mark of amounts such as 1,234, where the file leaves it open.
    **options
        As for `calibrate_deals`.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        As `calibrate_leads` does.

    Examples
    --------
    >>> answer = sim.calibrate_channel("posts.csv")
    >>> answer.to_dict()["estimates"][0]["path"].split(".")[:2]
    ['channels', 'network']
    """
    how = Reading.of(options)
    return how.estimates(
        read_channel(Path(file), channel, columns=how.mapping.columns, day_order=how.day_order, decimal=decimal)
    )


def calibrate_look(
    file: Folder,
    *,
    kind: ExportKind | None = None,
    columns: Folder | None = None,
    day_order: DayOrder | None = None,
    decimal: DecimalMark | None = None,
    mapping: Folder | None = None,
    force: bool = False,
) -> Looked:
    """Show how an export is read: what columns and words are taken for, and which rows would be left out and why.

    Parameters
    ----------
    file
        A CSV file.
    kind
        Command that would read it; by default the one that knows most of its columns.
    columns
        A YAML file that says what the columns are called.
    day_order
        Order of dates such as 03/04/2018, where the file leaves it open.
    decimal
        Mark of amounts such as 1,234, where the file leaves it open.
    mapping
        A YAML file to write, with what was found: corrected, it is what `columns` takes.
    force
        Replace a file that is there.

    Raises
    ------
    ExportError, ScenarioError, ResultsError
        If the file is not a table, or the mapping cannot be read or written.

    Examples
    --------
    >>> answer = sim.calibrate_look("deals.csv")
    >>> [(one["header"], one["taken_for"]) for one in answer.to_dict()["columns"]]
    [('deal', 'deal'), ('value', 'value'), ('outcome', 'outcome')]
    """
    if mapping is not None:
        check_file(Path(mapping), force, "names.yaml")
    names = mappings.ColumnMapping() if columns is None else mappings.read_mapping(Path(columns))
    found = looking.look(Path(file), kind, mapping=names, day_order=day_order, decimal=decimal)
    if mapping is not None:
        written.write(looking.mapping_text(found), Path(mapping))
    return Looked(found)
