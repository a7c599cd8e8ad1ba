"""Units of the columns of analyses, by name: a column of an interval (`x_low`, `x_high`) has the unit of what it is of."""

import re
from collections.abc import Iterable

from sim.analysis.frames import Frame

CURRENCY = "currency"  # stands for that of the results
SHARE, HOURS_A_WEEK, PER_MONTH = "share", "hours per week", "per month"

UNITS: dict[str, str] = {
    r"cost|spent|value|value_ahead|world|swing|gain|against_fixed|true_money|money_(kept|by_\w+)": CURRENCY,
    r"((low|high)_)?lead|loss": CURRENCY,
    r"net_(return|revenue|margin)(_(deals|renewals|gain|so_far|deals_by_horizon))?|(\w+_)?revenue(_\w+)?": CURRENCY,
    r"net_margin_per_hour": "currency per hour",
    r"net_deals(_(realised|gain))?|caused|lost_because|moved|deals_\w+|\w+_deals": "deals",
    r"\w+_share(_(asked|made))?|share|visibility|broken_even|share_asked|chance_of_best|cut_to_floor|under_ten": SHARE,
    r"(twin_)?weight|credit_\w+|right|wrong|after_\d+_months": SHARE,
    r"step|measured_return": "money returned per money spent",
    r"(hours|ads)_cost": CURRENCY,
    r"gain_by_(hours|ads)|ads_over_hours": f"{CURRENCY} per 1,000 {CURRENCY} spent",
    r"ads_per_week": f"{CURRENCY} per week",
    r"more_hours": HOURS_A_WEEK,
    r"attention": "exposures per paid view",
    r"hours|(usual|low|high)_hours|hours_(per_week|asked|at_end)": HOURS_A_WEEK,
    r"(listening|weak_signals|recruiting|animation|advocacy|content|publishing|validation)_hours": HOURS_A_WEEK,
    r"(dialogue|measurement|switching|idle|onboarding)_hours": HOURS_A_WEEK,
    r"(twin_)?closed_week": "weeks since the start",
    r"weeks_gained": "weeks",
    r"months": "months",
    r"followers": "people",
    r"reach": "people",
    r"interactions": "interactions",
    r"visits_\w+": "visits",
    r"(leads|qualified)_\w+": "leads",
    r"(raw|adapted|original)_per_month": "pieces per month",
    r"(conversations|clicks|entered)_per_month": PER_MONTH,
    r"\w+_hours_a_piece": "hours per piece",
    r"\w+_engagements_a_piece": "engagements per piece",
    r"renewals_due|(twin_|net_)?renewals": "renewals",
    r"complaints|messages": "messages",
    r"messages_per_year": "messages per year",
    r"reply_hours_(median|p90)|wait_hours(_p90)?": "hours",
    r"mean_number|waiting_at_end": "drafts",
}
INTERVAL = re.compile(r"_(low|high|middle)$")


def unit_of(column: str) -> str | None:
    """Return the unit of a column; None for ids, texts, flags, and numbers whose unit is that of their row."""
    name = INTERVAL.sub("", column)
    return next((unit for pattern, unit in UNITS.items() if re.fullmatch(pattern, name)), None)


def with_units(frame: Frame, currency: str) -> Frame:
    """Put the units of the columns of a frame, by column, into its attribute `units`."""
    frame.attrs["units"] = dict(_units(frame.columns, currency))
    return frame


def _units(columns: Iterable[str], currency: str) -> Iterable[tuple[str, str]]:
    for column in columns:
        unit = unit_of(column)
        if unit is not None:
            yield column, unit.replace(CURRENCY, currency)
