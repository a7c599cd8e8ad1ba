"""Companies whose leads are won, lost or still open on the day of the export, by five kinds of how that comes about."""

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

AS_OF = dt.date(2025, 12, 31)
Ends = tuple[np.ndarray, np.ndarray]  # whether each lead is won in the end, and after how many days it ends


def mixture(rng: np.random.Generator, leads: int) -> Ends:
    """Three in ten are won after a lognormal time, the others lost after a longer one."""
    won = rng.random(leads) < 0.3
    return won, np.where(won, rng.lognormal(np.log(20), 1.0, leads), rng.lognormal(np.log(45), 0.8, leads))


def race(rng: np.random.Generator, leads: int) -> Ends:
    """A win and a loss threaten each day; what comes first is the end. A quarter is won."""
    win, loss = rng.exponential(120, leads), rng.exponential(40, leads)
    return win < loss, np.minimum(win, loss)


def given_up(rng: np.random.Generator, leads: int) -> Ends:
    """Half would be won, after 50 days or so; most others are given up after about a quarter."""
    won = rng.random(leads) < 0.5
    return won, np.where(won, 60 * rng.weibull(1.5, leads), rng.normal(90, 12, leads).clip(1))


def in_stages(rng: np.random.Generator, leads: int) -> Ends:
    """Four stages of two weeks, each passed by two in three, else lost there, somewhat later."""
    days, alive, won = np.zeros(leads), np.ones(leads, bool), np.ones(leads, bool)
    for _ in range(4):
        passes = rng.random(leads) < 0.66
        days += np.where(alive, rng.gamma(2.0, np.where(passes, 7.0, 10.0)), 0.0)
        won &= passes
        alive &= passes
    return won, days


def lost_at_once(rng: np.random.Generator, leads: int) -> Ends:
    """One in ten is won, after months; most others are thrown out within two weeks."""
    won = rng.random(leads) < 0.1
    return won, np.where(won, rng.lognormal(np.log(70), 0.6, leads), rng.lognormal(np.log(8), 1.0, leads))


COMPANIES: Mapping[str, Callable[[np.random.Generator, int], Ends]] = {
    one.__name__: one for one in (mixture, race, given_up, in_stages, lost_at_once)
}


def days_of_intake(company: str, is_open: float) -> int:
    """Days over which leads come up to the export, for a share of them to be open."""
    _, days = COMPANIES[company](np.random.default_rng(1), 20_000)
    spans = np.unique(np.geomspace(2, 3_000, 60).astype(int))
    ages = np.random.default_rng(2).random(20_000)
    shares = np.array([(days > ages * span).mean() for span in spans])
    return int(spans[np.abs(shares - is_open).argmin()])


def rows(company: str, is_open: float, seed: int, leads: int = 400) -> list[tuple[dt.date, bool, dt.date]]:
    """Leads as (first contact, whether won in the end, day of the end); with nothing open the export waits for all."""
    rng = np.random.default_rng(seed)
    won, days = COMPANIES[company](rng, leads)
    span = days_of_intake(company, is_open) if is_open else 300
    wait = 0 if is_open else int(days.max()) + 1
    firsts = [AS_OF - dt.timedelta(days=wait + int(age)) for age in rng.integers(0, span, leads)]
    ends = [first + dt.timedelta(days=int(day)) for first, day in zip(firsts, days, strict=True)]
    return list(zip(firsts, won.tolist(), ends, strict=True))


def after_a_fair(company: str, is_open: float, seed: int, leads: int = 400) -> list[tuple[dt.date, bool, dt.date]]:
    """Leads of which a share came in the last two days, the others over a year: so most are open, and yet some are won."""
    rng = np.random.default_rng(seed)
    won, days = COMPANIES[company](rng, leads)
    ages = np.where(rng.random(leads) < is_open, rng.integers(0, 2, leads), rng.integers(0, 365, leads))
    firsts = [AS_OF - dt.timedelta(days=int(age)) for age in ages]
    ends = [first + dt.timedelta(days=int(day)) for first, day in zip(firsts, days, strict=True)]
    return list(zip(firsts, won.tolist(), ends, strict=True))


def export(path, rows):
    """A CRM's export of them as Salesforce writes it: every lead has a close date, open ones an expected one."""
    lines = ["Lead ID,Created Date,Close Date,Stage"]
    for number, (first, won, end) in enumerate(rows):
        stage = "Negotiation" if end > AS_OF else "Closed Won" if won else "Closed Lost"
        lines.append(f"{number},{first},{end if end <= AS_OF else AS_OF + dt.timedelta(days=30)},{stage}")
    path.write_text("\n".join(lines) + "\n")
    return path
