"""The scenario file of a company, from its answers: short, commented, with a range for what is not known."""

import datetime as dt
import math
from collections.abc import Iterator

from sim.intake.answers import Answers, Person
from sim.remarks import remark
from sim.scenario import ScenarioError
from sim.scenario.describe import scalar
from sim.scenario.fields import Parameter, parameters
from sim.scenario.presets import channel_preset
from sim.scenario.schema import LogNormal, Member, Segment
from sim.scenario.schema.channels import CHANNELS, Channel, kind_of
from sim.scenario.schema.company import MOST_NEEDS, Company, deals_of_shares
from sim.scenario.schema.content import FORMATS, Kind
from sim.scenario.schema.market import ROLES, Market, Shortlist
from sim.scenario.schema.population import Firms
from sim.scenario.schema.sales import Customers, Sales

WEEKS_PER_MONTH = 365.25 / 7.0 / 12.0
SESSION, LONGEST_SESSION = 2.0, 4.0  # hours; a member's ten sessions then hold 20 and 40
MOST_FOLLOWING = 0.9  # of the contacts who use a channel
MOST_ACCOUNTS = 200_000
NOTHING = 5e-7  # by which shares may miss a whole; a scenario allows twice that
SOMEBODY = "social media manager"
TAKES: dict[str, tuple[Kind, ...]] = {  # channels to which no format goes by default, and the kinds of post for them
    "youtube": ("original",),  # a video must be made
    "forum": ("adapted", "original"),  # what is only passed on is not welcome
}
NOT_KNOWN = "not known: a range is kept"
COMMENTS_AT = 40  # column

Range = tuple[float, float, float]
Line = tuple[str, str]  # with its comment


def scenario_file(answers: Answers, solved: Company | None = None) -> str:
    """Write the scenario of a company as a file of about 30 lines.

    What is not known is written as a range, or left to follow from the rest: target accounts are those that the deals need,
    customers are 2 to 15 % of them (as in populations for surveys). Followers are shared out over channels by how many contacts
    use them; most will never buy.

    Parameters
    ----------
    answers
        What is known of the company.
    solved
        Its facts as they were met, which are then written down, so that they need not be solved again.

    Raises
    ------
    ScenarioError
        If the target accounts cannot make the deals, in the words of the answers.
    """
    _check_deals(answers)
    lines = [
        f"# {answers.name}: from the answers to `sim start`. Change any line. What is missing has a default with a source:",
        "# `sim scenario show` lists it, docs/scenario-reference.md explains it.",
    ]
    for text, comment in _lines(answers, solved):
        lines.append(f"{text:<{COMMENTS_AT - 2}}  # {comment}" if comment else text)
    return "\n".join(lines) + "\n"


def _check_deals(answers: Answers) -> None:
    accounts, deals = answers.target_accounts, answers.deals_per_year
    if accounts is None or deals is None:
        return
    share = _deals_per_need()
    if deals > accounts * MOST_NEEDS * share:
        raise ScenarioError(
            remark(
                "{deals} deals per year are more than {accounts} target accounts make, as none considers more than "
                "{most_needs} purchases per year, of which {share} become deals",
                deals=format(deals, "g"),
                accounts=accounts,
                most_needs=format(MOST_NEEDS, "g"),
                share=format(share, ".1%"),
            ),
            key="target_accounts",
            remedy=remark(
                "count all who may buy (at least {deals}), or check deals_per_year", deals=math.ceil(deals / MOST_NEEDS / share)
            ),
        )


def _deals_per_need() -> float:
    """Return the share of needs that become deals by the usual shares."""
    market = Market()
    return deals_of_shares(market, Sales()) / (market.accounts * Segment().needs_per_year)


def _lines(answers: Answers, solved: Company | None) -> Iterator[Line]:
    yield f"name: {scalar(answers.name)}", ""
    yield f"currency: {answers.currency}", ""
    yield f"time: {{start: {_first_monday(answers.year).isoformat()}, horizon_weeks: 156}}", ""
    yield f"channels_year: {answers.year}", "reach and engagement of that year"
    yield from _company(answers, solved)
    accounts = _accounts(answers)
    yield "market:", ""
    yield f"  accounts: {_whole(*accounts)}", _unless(answers.target_accounts)
    yield f"  customers: {_whole(*_customers(answers, accounts))}", _unless(answers.customers)
    yield "  segments:", ""
    value = _given(answers.deal_value, parameters(Segment)["deal_value"])
    yield f"    all: {{deal_value: {value}}}", _unless(answers.deal_value) or "mean first-year value"
    yield "sales:", ""
    yield f"  margin: {_given(answers.margin, parameters(Sales)['margin'])}", _unless(answers.margin)
    months = answers.cycle_months
    weeks = None if months is None else months * WEEKS_PER_MONTH
    told = _unless(months) or f"{months:g} months on average, from lead to deal"
    yield f"  cycle_weeks: {_given(weeks, parameters(Sales)['cycle_weeks'])}", told
    renewal = _given(answers.renewal_rate, parameters(Customers)["renewal_share"])
    yield f"customers: {{renewal_share: {renewal}}}", _unless(answers.renewal_rate)
    yield from _team(answers)
    yield from _channels(answers, accounts[1])
    yield from _formats(answers)


def _company(answers: Answers, solved: Company | None) -> Iterator[Line]:
    if answers.deals_per_year is None:
        yield "# company: {deals_per_year: 20}", "not known: deals follow from how often accounts buy"
        return
    yield "company:", ""
    yield f"  deals_per_year: {_number(answers.deals_per_year)}", "purchases that an account considers follow from it"
    now = answers.now
    if now.hours and now.months >= _months_to_a_deal(answers):
        yield f"  hours_now: {_number(now.hours)}", "hours per week that helped to win them"
    elif now.hours:
        yield f"  # hours_now: {_number(now.hours)}", "too short a time to have won deals yet"
    if solved is not None and solved.solved_for:
        yield f"  simulated_over_shares: {solved.simulated_over_shares!r}", "solved by simulation; solved anew"
        yield f"  solved_for: {scalar(solved.solved_for)}", "when what it depends on has changed"


def _months_to_a_deal(answers: Answers) -> float:
    cycle = Sales().cycle_weeks.mean / WEEKS_PER_MONTH if answers.cycle_months is None else answers.cycle_months
    return Shortlist().research_weeks / WEEKS_PER_MONTH + cycle


def _accounts(answers: Answers) -> Range:
    """Return target accounts as low, likely and high; those that the deals need, if only these are known."""
    if answers.target_accounts is not None:
        return (answers.target_accounts,) * 3
    known = parameters(Market)["accounts"]
    if answers.deals_per_year is None:
        least = max(known.low or 0.0, answers.customers or 0.0)
        return least, max(known.default, least), max(known.high or 0.0, least)
    needs = parameters(Segment)["needs_per_year"]
    assert needs.low is not None
    assert needs.high is not None
    found = (answers.deals_per_year / _deals_per_need() / one for one in (needs.high, needs.default, needs.low))
    low, likely, high = (min(max(one, answers.customers or 1.0, 1.0), MOST_ACCOUNTS) for one in found)
    return low, likely, high


def _customers(answers: Answers, accounts: Range) -> Range:
    """Return customers as low, likely and high; so many for the likely accounts, if they are not known."""
    if answers.customers is not None:
        return (answers.customers,) * 3
    share = parameters(Firms)["customers_share"]
    assert share.low is not None
    assert share.high is not None
    likely = share.default * accounts[1]
    return share.low * accounts[0], likely, max(likely, share.high * accounts[0])


def _team(answers: Answers) -> Iterator[Line]:
    people = answers.people or (Person(SOMEBODY),)
    hours = [_hours(person, len(people)) for person in people]
    cost = parameters(Member)["cost_per_hour"]
    costs = [person.cost_per_hour for person in people]
    yield "team:", ""
    yield f"  hours_per_week: {_number(math.fsum(hours))}", "together"
    yield "  members:", ""
    for person, own, share in zip(people, hours, _shares(hours), strict=True):
        session = SESSION if own <= 10 * SESSION else LONGEST_SESSION
        parts = [f"share: {share}", f"max_hours_per_week: {_number(10 * session)}"]
        parts += [f"longest_session_hours: {_number(session)}"] if session != SESSION else []
        parts += [f"cost_per_hour: {_given(person.cost_per_hour, cost)}"]
        yield f"    {scalar(person.name)}: {{{', '.join(parts)}}}", _unless(person.cost_per_hour)
    known = [one for one in costs if one is not None]
    if known:
        yield f"  hire: {{cost_per_hour: {_number(math.fsum(known) / len(known))}}}", "for hours past everyone's maximum"


def _shares(hours: list[float]) -> list[str]:
    """Write what part each is of the whole; in nine digits where six, rounded, do not make a whole."""
    parts = [one / math.fsum(hours) for one in hours]
    written = [f"{one:.6g}" for one in parts]
    is_whole = abs(math.fsum(map(float, written)) - 1.0) < NOTHING
    return written if is_whole else [f"{one:.9g}" for one in parts]


def _hours(person: Person, people: int) -> float:
    return person.hours if person.hours is not None else 10.0 / people


def _channels(answers: Answers, accounts: float) -> Iterator[Line]:
    names = answers.channels or tuple(CHANNELS)
    if not answers.channels and not answers.now.followers:
        return
    users = {name: float(channel_preset(name, answers.year)["users"]) for name in names}
    contacts = accounts * len(ROLES) * math.fsum(users.values())
    outside = Channel().outside_per_follower
    share = answers.now.followers / (1.0 + outside) / contacts if contacts else 0.0
    if share > MOST_FOLLOWING:  # more followers than contacts: more of them will never buy
        share = MOST_FOLLOWING
        outside = answers.now.followers / (share * contacts) - 1.0
    yield "channels:", ""
    for name in names:
        parts = [f"followers_at_start: {share:.4g}"] if share else []
        parts += [f"outside_per_follower: {outside:.4g}"] if outside != Channel().outside_per_follower else []
        told = f"share of the {accounts * len(ROLES) * users[name]:.0f} contacts who use it" if share else ""
        yield f"  {name}: {{{', '.join(parts)}}}", told


def _formats(answers: Answers) -> Iterator[Line]:
    """Say where posts go, if some would go nowhere by default: to a channel that takes only what is made for it."""
    if not any(name in TAKES for name in answers.channels):
        return
    yield "content:", ""
    yield "  formats:", "where each kind of post goes: youtube and forum take what is made for them"
    for kind, form in FORMATS.items():
        taking = [name for name in answers.channels if kind in TAKES.get(name, ()) or kind_of(name) in form.channels]
        yield f"    {kind}: {{channels: [{', '.join(taking or _undemanding(answers.channels))}]}}", ""


def _undemanding(channels: tuple[str, ...]) -> list[str]:
    """Return where a kind of post goes that no channel is for: to all that take any; else to those that take most kinds."""
    kinds = {name: len(TAKES.get(name, FORMATS)) for name in channels}
    return [name for name in channels if kinds[name] == max(kinds.values())]


def _first_monday(year: int) -> dt.date:
    first = dt.date(year, 1, 1)
    return first + dt.timedelta(days=-first.weekday() % 7)


def _given(value: float | None, parameter: Parameter) -> str:
    """Write a number, or the range of a parameter that is not known."""
    if value is not None:
        return _number(value)
    default, factor = parameter.default, 1.0
    if isinstance(default, LogNormal):  # its range is one of medians, and a plain number is a mean
        factor, default = default.mean / default.median, default.mean
    assert parameter.low is not None
    assert parameter.high is not None
    low, high = (float(f"{factor * one:.2g}") for one in (parameter.low, parameter.high))
    return f"{{low: {_number(low)}, likely: {_number(float(f'{default:.3g}'))}, high: {_number(high)}}}"


def _whole(low: float, likely: float, high: float) -> str:
    if low == high:
        return str(round(likely))
    return f"{{low: {round(low)}, likely: {round(likely)}, high: {round(high)}}}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.6g}" if abs(value) < 1e5 else repr(float(value))


def _unless(known: float | None) -> str:
    return "" if known is not None else NOT_KNOWN
