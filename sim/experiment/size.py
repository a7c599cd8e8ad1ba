"""The expected size of a world: events, time and memory, from the rates of its scenario, before the first world is run.

Every term is a rate of the scenario times what it acts on, over the horizon; none of it is drawn. What is bounded (people who
can follow, pieces that can be made) is capped by its bound. What moves slowly and little (load, trust, luck) is left out: the
estimate is meant to tell a world of seconds from one of hours, and a test holds it within a factor of 3 of counted events.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.scenario import Scenario
from sim.scenario.schema import Channel
from sim.version import build

SECONDS_PER_STEP = {"pure Python": 30e-6, "compiled": 18e-6}  # docs/decisions/0020: a compiled world takes 0.6 of the time
BYTES_PER_STEP, BYTES_AT_REST = 1_200.0, 250e6  # of what a world records and holds; of a process without any world
MINUTES_PER_HOUR = 60.0
OF_A_NEED, OF_A_WEEK, OF_A_PIECE, OF_A_POST, OF_A_MESSAGE, OF_AN_ENGAGEMENT, OF_A_FOLLOWER = 6.0, 4.0, 2.5, 1.2, 2.5, 1.3, 2.0
USUAL_REACH = 0.6  # of a post: quality, times luck and liveliness
LONGEST_BLOCK = 18.0  # minutes until most blocks of work end, however long they may be
WORK_ON_CONTENT = 1.1  # hours that content gets, over those it is asked for: some of what others leave
MOST_FOLD = 3.0  # log of how often an audience that brings others can multiply


@dataclass(frozen=True)
class Size:
    """The size of one world: events on its clock, steps of comparable work (with what is not an event), and memory in bytes."""

    events: float
    steps: float

    @property
    def seconds(self) -> float:
        """Time that one world takes on one core."""
        return self.steps * SECONDS_PER_STEP.get(build(), SECONDS_PER_STEP["pure Python"])

    @property
    def bytes(self) -> float:
        """Memory of the process that runs it."""
        return BYTES_AT_REST + BYTES_PER_STEP * self.steps

    @classmethod
    def largest(cls, sizes: Iterable["Size"]) -> "Size":
        """Return the largest of each."""
        every = [*sizes]
        return cls(*(max(getattr(one, field.name) for one in every) for field in fields(cls)))


@dataclass(frozen=True)
class _Audience:
    """Mean followers over the horizon, those at its end, engagements and posts, of one channel."""

    followers: float
    gained: float
    engagements: float
    brought: float


def size_of(scenario: Scenario) -> Size:
    """Estimate one world of a scenario."""
    is_staffed, is_open = scenario.team.hours_per_week > 0.0, scenario.twin_kind() == "abandoned"
    weeks = float(scenario.time.horizon_weeks)
    needs, contacts = _needs(scenario, weeks), scenario.market.accounts * len(scenario.market.roles)
    events = OF_A_NEED * needs + OF_A_WEEK * weeks + scenario.time.run_off_weeks + _renewals(scenario, weeks)
    steps = _history(scenario) + _ghosts(scenario, weeks, needs) + 0.02 * contacts * len(scenario.channels)
    asked, answered = _asked(scenario, weeks)
    events += asked + (OF_A_MESSAGE * answered if is_staffed or is_open else 0.0)
    if is_staffed:
        events += _team(scenario, weeks) + _signals(scenario, weeks)
        steps += _listened(scenario, weeks)
    pieces = _pieces(scenario, weeks) if is_staffed else 0.0
    events += OF_A_PIECE * pieces
    for name, channel in scenario.channels.items() if is_staffed or is_open else ():
        posts = pieces * _share_on(scenario, name)
        found = _audience(scenario, channel, contacts, posts, weeks)
        events += OF_A_POST * posts + _of_audience(scenario, channel, found, weeks)
        steps += 2.0 * found.followers + 0.5 * found.brought
        steps += 0.3 * found.engagements * channel.engagement_mix.share * channel.seen_per_share
    if is_staffed:
        more = _profiles_and_ads(scenario, contacts, weeks)
        events, steps = events + more, steps + more
    steps += _crises(scenario, weeks)
    return Size(events, events + steps)


def pair_of(scenario: Scenario, twin: Scenario) -> Size:
    """Estimate a world and its twin, one after the other: events and steps of both."""
    one, other = size_of(scenario), size_of(twin)
    return Size(one.events + other.events, one.steps + other.steps)


def _needs(scenario: Scenario, weeks: float) -> float:
    market = scenario.market
    each = math.fsum(one.share * one.needs_per_year for one in market.segments.values())
    return market.accounts * each * weeks / WEEKS_PER_YEAR


def _history(scenario: Scenario) -> float:
    """Return steps of what was under way on the first day: needs of the years before, of which most are looked at in bulk."""
    sales, market = scenario.sales, scenario.market
    longest = market.shortlist.research_weeks + max(
        8.0 * sales.cycle_weeks.mean, sales.cycle_weeks.median * math.exp(min(20.0, 3.72 * sales.cycle_weeks.sigma))
    )
    told = 6.0 * max(market.salience.half_life_weeks, market.trust.half_life_weeks)
    before = _needs(scenario, min(1_040.0, max(longest, told)))
    mind = 0.5 * market.accounts
    return mind + before * (0.05 + 0.5 * market.shortlist.share_without_social * min(1.0, longest / 1_040.0))


def _customers(scenario: Scenario, weeks: float) -> float:
    """Return customers, a mean over the horizon."""
    market = scenario.market
    won = _needs(scenario, weeks) * market.shortlist.share_without_social
    return market.customers + 0.5 * won * math.prod(stage.pass_share for stage in scenario.sales.stages.values())


def _renewals(scenario: Scenario, weeks: float) -> float:
    return _customers(scenario, weeks) * weeks / WEEKS_PER_YEAR


def _asked(scenario: Scenario, weeks: float) -> tuple[float, float]:
    """Return moments at which customers may write, and messages that come of them."""
    spec, replies = scenario.customers, scenario.dialogue.replies_raise_volume
    usual = spec.questions_per_year * spec.share_on_social * weeks / WEEKS_PER_YEAR * _customers(scenario, weeks)
    at_most = spec.onboarding.questions if spec.onboarding.weeks > 0.0 else 1.0
    return usual * (1.0 + replies) * at_most, usual * (1.0 + 0.5 * replies)


def _ghosts(scenario: Scenario, weeks: float, needs: float) -> float:
    """Return steps of what might have been: each anniversary of a contract that was not won looks at all moments."""
    spec = scenario.customers
    lost = needs * scenario.market.shortlist.share_without_social + scenario.market.customers
    anniversaries = 0.5 * weeks / WEEKS_PER_YEAR
    moments = spec.questions_per_year * spec.share_on_social * spec.onboarding.questions * weeks / WEEKS_PER_YEAR
    return lost * anniversaries * (1.0 + 0.02 * moments)


def _team(scenario: Scenario, weeks: float) -> float:
    """Return events of working time: blocks, and the change between them."""
    team = scenario.team
    hours = max(team.hours_per_week, min(scenario.hours_policy.most(team.hours_per_week), 1_000.0))
    block = min(LONGEST_BLOCK, max(1.0 / MINUTES_PER_HOUR, team.shortest_block_minutes))
    return hours * weeks * MINUTES_PER_HOUR / (block + min(team.switching_minutes, block * 10.0)) * 1.2


def _signals(scenario: Scenario, weeks: float) -> float:
    weak = scenario.weak_signals
    return 2.0 * (weak.trends_per_year + weak.moves_per_year * (1.0 + weak.outreach_per_move)) * weeks / WEEKS_PER_YEAR


def _listened(scenario: Scenario, weeks: float) -> float:
    """Return steps of listening: each slice looks at every signal that lives."""
    weak, share = scenario.weak_signals, scenario.team.split.listening
    live = (weak.trends_per_year * weak.trend_life_weeks + weak.moves_per_year * weak.move_life_weeks) / WEEKS_PER_YEAR
    mentions = _asked(scenario, 1.0)[1] * (1.0 - scenario.listening.share_tagged)
    live += mentions * min(weeks, scenario.dialogue.patience_hours / HOURS_PER_WEEK)
    block = max(1.0 / MINUTES_PER_HOUR, scenario.team.shortest_block_minutes)
    slices = scenario.team.hours_per_week * weeks * share * MINUTES_PER_HOUR / block
    return 0.02 * slices * live


def _pieces(scenario: Scenario, weeks: float) -> float:
    """Return pieces made: as many as there is material for, or time."""
    content = scenario.content
    used = {name for form in content.formats.values() if form.mix > 0.0 for name in form.sources}
    material = math.fsum(content.sources[name].per_week for name in used)
    weak = scenario.weak_signals
    ideas = weak.ideas_per_trend * weak.trends_per_year / WEEKS_PER_YEAR if weak.ideas_go_to in used else 0.0
    minutes = math.fsum(form.mix * form.minutes.median for form in content.formats.values()) + content.minutes_to_publish
    skill = max([1.0, *(one.skills["content"].speed for one in scenario.team.members.values() if "content" in one.skills)])
    hours = scenario.team.hours_per_week * min(
        1.0, WORK_ON_CONTENT * (scenario.team.split.content + scenario.team.split.publishing)
    )
    can = hours * MINUTES_PER_HOUR / max(minutes / skill, 1.0 / MINUTES_PER_HOUR)
    planned = math.fsum(
        weeks / one.every_weeks if one.every_weeks else 1.0 for one in content.planned.values() if one.week < weeks
    )
    return min(material + ideas, can) * weeks + min(planned, can * weeks)


def _share_on(scenario: Scenario, channel: str) -> float:
    """Return the share of pieces posted on a channel."""
    return math.fsum(form.mix * form.channels.count(channel) for form in scenario.content.formats.values())


def _audience(scenario: Scenario, channel: Channel, contacts: float, posts: float, weeks: float) -> _Audience:
    """Estimate who follows a channel from target accounts, and how often they react."""
    users = contacts * channel.users
    early, pool = users * channel.followers_at_start, users * (1.0 - channel.followers_at_start)
    team, spec, animation = scenario.team, scenario.recruiting, scenario.animation
    invited = team.hours_per_week * team.split.recruiting * MINUTES_PER_HOUR / spec.minutes * weeks / len(scenario.channels)
    found = pool * -math.expm1(-channel.found_per_year * weeks / WEEKS_PER_YEAR) * (posts > 0.0)
    lively = team.split.animation > 0.0 and team.hours_per_week > 0.0
    fold = min(MOST_FOLD, animation.invitations_per_year * spec.accepts * weeks / WEEKS_PER_YEAR) if lively else 0.0
    accepted = min(pool, invited) * spec.accepts + found * spec.page_accepts
    gained = min(pool, (early + accepted) * math.exp(fold) - early)
    leaving = animation.leaves_per_year * 0.3 * weeks / WEEKS_PER_YEAR
    followers = (early + 0.6 * gained) * (-math.expm1(-leaving) / leaving if leaving > 0.0 else 1.0)
    brought = followers * animation.invitations_per_year * weeks / WEEKS_PER_YEAR if lively else 0.0
    seen = posts * _seen(scenario, channel, posts / weeks)
    return _Audience(followers, gained, followers * seen * _engaged(scenario, channel), brought)


def _seen(scenario: Scenario, channel: Channel, per_week: float) -> float:
    """Return the share of followers that a post reaches."""
    rare = math.exp(-channel.frequency_exponent * math.log1p(per_week / channel.halving_posts_per_week))
    reach = max(form.reach for form in scenario.content.formats.values())
    return min(1.0, channel.reach * rare * USUAL_REACH * min(reach, 1.0 + 0.1 * reach))


def _engaged(scenario: Scenario, channel: Channel) -> float:
    """Return engagements per exposure of the usual follower: selection weighed by who researches and who is a customer."""
    market, selection = scenario.market, scenario.selection
    needs = math.fsum(one.share * one.needs_per_year for one in market.segments.values())
    researching = min(1.0, needs * market.shortlist.research_weeks / WEEKS_PER_YEAR)
    customers = min(1.0, _customers(scenario, float(scenario.time.horizon_weeks)) / max(1.0, market.accounts))
    weight = (1.0 + (selection.in_market - 1.0) * researching) * (1.0 + (selection.customer - 1.0) * customers)
    trusting = max(0.0, 1.0 + selection.trust * 0.1)
    formats = math.fsum(form.mix * form.engagement for form in scenario.content.formats.values())
    return channel.engagement_rate * formats * weight * trusting


def _of_audience(scenario: Scenario, channel: Channel, found: _Audience, weeks: float) -> float:
    """Return events of a channel's audience: followers who come, engagements, comments, and what others write."""
    converses = channel.engagement_mix.comment * scenario.dialogue.share_of_comments_that_converse
    outside, spec = found.followers * channel.outside_per_follower, scenario.outside
    written = outside * spec.questions_per_week * (1.0 + 0.5 * scenario.dialogue.replies_raise_volume)
    written += (outside + found.followers) * spec.spam_per_week
    return (
        OF_A_FOLLOWER * found.gained
        + found.engagements * (OF_AN_ENGAGEMENT + OF_A_MESSAGE * converses)
        + (OF_A_MESSAGE - 0.5) * written / 1_000.0 * weeks
    )


def _profiles_and_ads(scenario: Scenario, contacts: float, weeks: float) -> float:
    """Return events of posts that people pass on and of those that are paid: a day's posts of each group are one."""
    days = weeks * len(scenario.calendar.weekdays)
    found = 0.0
    place = scenario.place_of_profiles()
    if place is not None and scenario.profiles.colleagues > 0:
        channel, spec = scenario.channels[place], scenario.profiles
        known = min(contacts * channel.users, spec.colleagues * spec.known_contacts)
        taking = spec.colleagues * max(spec.take_part_unasked, 0.5 * spec.take_part_most) * spec.posts_per_week / 5.0
        seen = min(1.0, spec.reach * USUAL_REACH * taking * min(1.0, spec.known_contacts / max(1.0, contacts * channel.users)))
        rate = min(1.0, channel.engagement_rate * spec.engagement) / max(channel.engagement_rate, 1e-9)
        found += OF_A_POST * days + known * (1.0 + days * seen * rate * _engaged(scenario, channel) * OF_AN_ENGAGEMENT)
    paid = scenario.place_of_sponsoring()
    if paid is not None:
        channel, ads = scenario.channels[paid], scenario.sponsoring
        users = contacts * channel.users
        views = ads.per_week / ads.price_per_1000 * 1_000.0 * ads.on_target * weeks
        share = min(users * days, views * ads.attention)
        rate = min(1.0, channel.engagement_rate * ads.engagement / ads.attention) / max(channel.engagement_rate, 1e-9)
        found += OF_A_POST * days + users + share * rate * _engaged(scenario, channel) * OF_AN_ENGAGEMENT
    return found


def _crises(scenario: Scenario, weeks: float) -> float:
    """Return steps of crises, each of which some accounts hear of."""
    spec = scenario.crises
    unanswered = _asked(scenario, weeks)[1] * scenario.customers.share_complaints * spec.per_unanswered_complaint
    many = spec.per_year * weeks / WEEKS_PER_YEAR + unanswered
    return many * (10.0 + 0.2 * spec.share_of_accounts * scenario.market.accounts)
