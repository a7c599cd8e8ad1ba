"""The record of a world, as tables. The model writes it; nothing in the model reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

Columns = dict[str, list[Any]]


class Table:
    """Rows under fixed column names; `add(row)` takes a tuple in the order of the columns, `note(...)` names them."""

    __slots__ = ("add", "columns", "rows")

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self.rows: list[Sequence[Any]] = []
        self.add = self.rows.append

    def __len__(self) -> int:
        return len(self.rows)

    def note(self, **named: Any) -> None:
        """Add a row by the names of its columns: all of them, and no others."""
        if named.keys() != set(self.columns):
            raise TypeError(f"A row has exactly these columns: {', '.join(self.columns)}.")
        self.add(tuple(named[column] for column in self.columns))

    def column(self, name: str) -> list[Any]:
        """Return one column."""
        where = self.columns.index(name)
        return [row[where] for row in self.rows]

    def as_columns(self, *names: str) -> Columns:
        """Return the table, or the named columns of it, as a list a column."""
        return {name: self.column(name) for name in names or self.columns}


def each(table: Table, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Return some columns of a table, row by row."""
    where = [table.columns.index(column) for column in columns]
    if len(where) == 1:  # of one, an item getter makes no tuple
        return ((row[where[0]],) for row in table.rows)
    return map(itemgetter(*where), table.rows)


def _table(*columns: str) -> Any:
    return field(default_factory=lambda: Table(*columns))


@dataclass
class Record:
    """One world's history; times in hours since the start, amounts in the scenario's currency.

    `expenses` are costs beside those of the hours. `blocks` says who worked on what from when to when, `slices` also on which
    draft or message (`piece`, its number; -1 for what has none) and whether that work was done by then. `stages` has a row for
    each stay of a draft in a stage on its way to the channels (left_at is None where it still is), and whose approval it needed
    there, if any. `posts` says what share of the channel's followers per post reaches.
    `passed_on` has a row for each contact that does not follow a channel and sees a post which a follower, `by`, shared.
    An account of -1 is that of those who belong to none.

    `needs` has a row for every need that opened before the horizon, won or not: `steps` names its decisions in their
    order (shortlist, then the stages, and between them whether it woke), `decided_at`, `p` and `u` hold their times,
    probabilities and uniforms, `weight` is the product of the p's. It closed when it was won or lost, and ended when its
    last stage did, as a deal or as a ghost; nan if the run-off was cut before. It `stood_still` so long while it could
    still be won. `visits` are those to the web site during research: time and source. Of a lead, `journey` holds what
    records know of it until it closed, in the order of time: touches and visits before it, the lead itself, touches after it.

    `turns` has a row for each time that a sale which could still be won stood still or began by repeating part of the stage
    before. `states` is kept of a traced account alone: at the start of each week its salience as a multiple of its base, its
    trust, its chance to shortlist the brand, the trust lost to crises, and for each channel the exposures of a follower of
    the first hour.

    `slowness` is that of sales after each week, the run-off's too.

    `renewals` has a row for every anniversary, of a contract held or not: `value` is that of the year before, with what it
    has grown; `renewed_value` that of the year that it is renewed for, and `expected_value` the same if every growth came
    with its probability `p_expands`. It expands only if it is renewed.

    `contracts` has a row for every contract and every ghost of one, as it is when its last anniversary before the
    horizon is over, or when its need ended if it has none: `value` is that of a year with what it has grown, `expected_value`
    the product of its weight and the value that was to be expected.
    """

    hours: Table = _table("week", "member", "activity", "seconds", "cost_per_hour")
    expenses: Table = _table("week", "what", "amount")
    blocks: Table = _table("member", "activity", "began", "ended")
    slices: Table = _table("member", "activity", "piece", "began", "ended", "done")
    drafts: Table = _table("draft", "kind", "made_at", "rounds", "state", "settled_at", "seconds")
    stages: Table = _table("draft", "kind", "stage", "entered_at", "left_at", "reviewers")
    posts: Table = _table("time", "channel", "draft", "kind", "quality", "frequency_factor", "reach")
    followers: Table = _table("time", "channel", "contact", "account", "change", "how")
    interactions: Table = _table("time", "channel", "contact", "account", "kind", "post", "recorded", "converses")
    passed_on: Table = _table("time", "channel", "by", "contact", "account", "post")
    conversations: Table = _table("kind", "account", "opened_at", "settled_at", "outcome", "message")
    signals: Table = _table("kind", "account", "number", "born_at", "found_at", "analysed_at", "product_idea")
    crises: Table = _table(
        "crisis", "born_at", "warned_at", "breaks_out_at", "answered_at", "settled_at", "outcome", "trust_loss"
    )
    needs: Table = _table(
        "account", "need", "segment", "opens_at", "lead_at", "closed_at", "ended_at", "won", "value", "weight", "p", "u",
        "path", "recorded_source", "first_touch", "last_touch", "touched", "shaken", "told", "qualified_at", "pending",
        "steps", "decided_at", "lost_to", "steps_back", "stood_still", "visits", "journey",
    )  # fmt: skip
    turns: Table = _table("account", "need", "time", "what", "stage")
    states: Table = _table("time", "account", "salience", "trust", "p_shortlist", "shaken", "exposures")
    recommendations: Table = _table("account", "need", "time", "peer", "opinion")
    renewals: Table = _table(
        "account", "need", "anniversary", "segment", "time", "p", "u", "renewed", "held", "weight", "value", "expanded",
        "p_expands", "u_expands", "renewed_value", "expected_value",
    )  # fmt: skip
    contracts: Table = _table("account", "need", "segment", "held", "value", "expected_value")
    weeks: Table = _table(
        "week", "followers", "outside_followers", "reach", "interactions", "outside_interactions", "visits_social_true",
        "visits_social", "visits_search", "visits_direct", "open_deals", "standing_deals", "slowness", "liveliness",
        "tagged_share", "asked_share", "dashboard_age_weeks", "drafts_waiting", "messages_waiting", "granted_hours",
    )  # fmt: skip
    ledger: dict[str, list[float]] = field(default_factory=dict)
    slowness: list[float] = field(default_factory=list)
    run_off_hours: float = 0.0
