"""The deals of a level, and the way of one account through its months, beside its twin."""

import streamlit as st

from sim.experiment.results import Results
from sim.experiment.trace_run import FIRST_WORLD
from sim.measures.causal_effects import CAUSED
from sim.page import cache
from sim.page.widgets import as_csv, picture, plain, small, table
from sim.report.answers import trace
from sim.report.figures import deal
from sim.report.figures.alt import alt_text
from sim.report.figures.style import as_bytes
from sim.report.html.markup import guarded
from sim.report.text.translation import decimal, say
from sim.report.text.words import in_words

SHOWN = (
    "replication", "account", "segment", "value", "closed_week", "won", "twin_won", "net_label", "first_cause",
    "recorded_source", "true_money", "weeks_gained",
)  # fmt: skip


def show(results: Results, point: int) -> None:
    """Show deals by what became of them, and one that is followed."""
    found = cache.all_deals(results, point)
    labels = sorted(found["net_label"].unique())
    picked = st.multiselect(say("What became of them"), labels, default=labels, format_func=in_words, key="labels")
    shown = found[found["net_label"].isin(picked)].reset_index(drop=True)
    small(say("{deals} deals in {worlds} worlds; choose a row of the first world to follow its account.",
                   deals=decimal(len(shown)), worlds=results.manifest["replications"]))  # fmt: skip
    chosen = st.dataframe(
        guarded(shown[list(SHOWN)]),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"deals {results.folder} {point} {picked}",
    )
    as_csv(shown, "q02_deals.csv")
    rows = [shown.iloc[row] for row in chosen["selection"]["rows"] if row < len(shown)]
    if rows and rows[0]["replication"] != FIRST_WORLD:
        small(say("Only accounts of the first world can be followed: that is world {world}.", world=rows[0]["replication"]))
        rows = []
    _follow(results, point, int(rows[0]["account"]) if rows else _first(results, point))


def _first(results: Results, point: int) -> int:
    """Return an account worth following: the first with a caused deal in the first world, or with any deal."""
    found = cache.all_deals(results, point)
    first = found[found["replication"] == FIRST_WORLD]
    caused = first[first["net_label"] == CAUSED]
    rows = caused if len(caused) else first
    return int(rows["account"].iloc[0]) if len(rows) else 0


def _follow(results: Results, point: int, account: int) -> None:
    st.subheader(say("One account, month by month"))
    most = int(results.manifest["points"][point]["scenario"]["market"]["accounts"]) - 1
    if most < 0:
        return
    asked = st.number_input(say("Account"), 0, most, account, key=f"account {results.folder} {point} {account}")
    told, at = cache.followed(results, point, int(asked))
    currency = results.currency
    st.markdown("\n\n".join(plain(one) for one in trace.sentences(told, currency)))
    events = trace.frame(told, at.scenario)
    drawn = deal.draw(told, at.scenario)
    picture(as_bytes(drawn, "png"), alt_text(drawn))
    table(trace.shown(events), say("Account {account}", account=asked))
    as_csv(events, f"trace_{asked}.csv")
