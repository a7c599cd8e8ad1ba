"""Question 6 in words: whether further money is better spent on an hour of the team or on an ad."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.analysis import next_money
from sim.analysis.next_money import ADS, HOURS, SUM, UNTOLD
from sim.experiment.results import Results
from sim.report.answers.base import Part, TextTable
from sim.report.text.cells import from_to
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, hours_a_week, is_trial, money, point_name, short, trial
from sim.scenario.fields import parameters
from sim.scenario.schema.channels import Sponsoring

HOW = later(
    "To see whether the next money is better spent on an hour or on an ad, run sim sweep SCENARIO.yaml --vary"
    " team.hours_per_week=10,11 --vary sponsoring.per_week=0,45 -o DIR, where 45 is what an hour costs."
)
BETTER = {HOURS: later("the hour"), ADS: later("the ad"), UNTOLD: later("not told")}
VERDICTS = {
    HOURS: later("At this margin the hour is better than the ad, by {difference} ({low} to {high}, paired by world)."),
    ADS: later("At this margin the ad is better than the hour, by {difference} ({low} to {high}, paired by world)."),
    UNTOLD: later("These worlds cannot tell the two apart: the ad gains {difference} more ({low} to {high}, paired by world)."),
}


def heading(results: Results) -> str:
    """Ask the question, with the currency of the results."""
    return say("The next {amount}: an hour, or an ad?", amount=money(SUM, results.currency))


def sentences(results: Results, table: pd.DataFrame) -> Iterator[str]:
    """Say which is better at the smallest step, at how many others, and what nobody knows that it hangs on."""
    row, currency = table.iloc[0], results.currency
    if not math.isfinite(row["ads_over_hours_low"]):
        yield say("One world cannot tell an hour from an ad. Run more.")
        return
    if is_trial(results):
        yield trial(results)
    yield say(
        "From {level}, {hours} more gains {gain} for each {amount} that it costs, beyond that cost ({confidence} interval"
        " {interval}).",
        level=point_name(results, int(row["point"])), hours=hours_a_week(row["more_hours"]),
        gain=money(row["gain_by_hours"], currency), amount=money(SUM, currency), confidence=confidence(),
        interval=_interval(row, "gain_by_hours"),
    )  # fmt: skip
    yield say(
        "Sponsored posts for {budget} more per week gain {gain} for each {amount} ({interval}).",
        budget=money(row["ads_per_week"], currency), gain=money(row["gain_by_ads"], currency), amount=money(SUM, currency),
        interval=_interval(row, "gain_by_ads"),
    )  # fmt: skip
    yield _verdict(row, currency)
    if max(row["gain_by_hours_high"], row["gain_by_ads_high"]) < 0.0:
        yield say("Neither pays for itself: keep the money.")
    if len(table) > 1:
        counts = table["better"].value_counts()
        yield say(
            "Of {steps} steps compared, the ad is better in {ads} and the hour in {hours}; {untold} cannot be told.",
            steps=decimal(len(table)),
            **{name: decimal(int(counts.get(name, 0))) for name in (ADS, HOURS, UNTOLD)},
        )
    yield _ignorance(table)


def _verdict(row: "pd.Series[Any]", currency: str) -> str:
    sign = -1.0 if row["better"] == HOURS else 1.0
    low, high = sorted(sign * row[f"ads_over_hours_{end}"] for end in ("low", "high"))
    return say(
        VERDICTS[row["better"]], difference=money(sign * row["ads_over_hours"], currency), low=money(low), high=money(high)
    )


def _ignorance(table: pd.DataFrame) -> str:
    """Say what the answer hangs on that no further world shows."""
    known = parameters(Sponsoring)["attention"]
    ends = {"low": short(known.low or 0.0), "high": short(known.high or 0.0)}
    first = table.drop_duplicates("attention").sort_values("attention")
    if len(first) == 1:
        return say(
            "Intervals are of the luck of the draw alone. The answer hangs on what a paid view adds to memory"
            " (sponsoring.attention, here {attention}), which nobody has published: it may be {low} to {high}. Vary it too.",
            attention=short(first["attention"].iloc[0]), **ends,
        )  # fmt: skip
    better = ", ".join(f"{short(row['attention'])}: {say(BETTER[row['better']])}" for _, row in first.iterrows())
    return say(
        "Intervals are of the luck of the draw alone. The answer hangs on what a paid view adds to memory"
        " (sponsoring.attention), which nobody has published: it may be {low} to {high}. Better at the first step, by its"
        " values here: {better}.",
        better=better, **ends,
    )  # fmt: skip


def rows(results: Results, table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the steps as a table: what is spent on hours and on ads, what each gains for each 1,000, which is better."""
    yield (
        say("from"), say("hours more"), say("cost of hours"), say("gain of hours, per {amount}", amount=decimal(SUM)),
        say("ads per week"), say("cost of ads"), say("gain of ads, per {amount}", amount=decimal(SUM)),
        say("ad less hour"), say("better"),
    )  # fmt: skip
    for _, row in table.iterrows():
        yield (
            point_name(results, int(row["point"])),
            shortest(row["more_hours"]), money(row["hours_cost"]), _with_interval(row, "gain_by_hours"),
            money(row["ads_per_week"]), money(row["ads_cost"]), _with_interval(row, "gain_by_ads"),
            _with_interval(row, "ads_over_hours"), say(BETTER[row["better"]]),
        )  # fmt: skip


def part(results: Results) -> Part:
    """Answer it at a terminal."""
    table = next_money.table(results)
    return Part(heading(results), list(sentences(results, table)), [TextTable([*rows(results, table)])])


def content(results: Results) -> dict[str, Any]:
    """Return the answer for programs."""
    table = next_money.table(results)
    return {"answer": list(sentences(results, table)), "trial": is_trial(results), "steps": table.to_dict("records")}


def _with_interval(row: "pd.Series[Any]", name: str) -> str:
    return f"{money(row[name])} ({_interval(row, name)})" if math.isfinite(row[f"{name}_low"]) else money(row[name])


def _interval(row: "pd.Series[Any]", name: str) -> str:
    return from_to(money(row[f"{name}_low"]), money(row[f"{name}_high"]))
