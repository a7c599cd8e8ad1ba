"""One scenario: everything that a world is made from."""

import hashlib
import json
import math
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.presets import channel_preset, has_preset
from sim.scenario.printable import listed
from sim.scenario.schema.base import Name, Section, param, required, shallow
from sim.scenario.schema.channels import (
    BESIDE_THE_PAGES,
    CHANNELS,
    Animation,
    Channel,
    Presence,
    Profiles,
    Recruiting,
    Selection,
    Sponsoring,
    Web,
    kind_of,
)
from sim.scenario.schema.company import Company, with_needs_for
from sim.scenario.schema.content import FORMATS, Content, Validation
from sim.scenario.schema.dialogue import Dialogue, Outside
from sim.scenario.schema.effects import Effects
from sim.scenario.schema.hours_policy import HoursPolicy
from sim.scenario.schema.market import Market
from sim.scenario.schema.measurement import Measurement
from sim.scenario.schema.sales import Customers, Sales
from sim.scenario.schema.signals import Crises, Listening, WeakSignals
from sim.scenario.schema.team import Team
from sim.scenario.schema.time import HOURS_PER_DAY, Calendar, Time, hour_of_week

MOST_HIRES = 1_000
MOST_SALIENCE = 1e6  # of a touch, in multiples of the median account's base


class Scenario(Section):
    """A team, its market and its practice. Only `name` must be given."""

    name: Name = required("what to call it in tables and figures")
    description: Annotated[str, Field(max_length=2000)] = param("", "what it is for", evidence="choice")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = param(
        "EUR", "currency of all amounts (ISO 4217)", evidence="choice"
    )
    company: Company = param(Company(), "what the company knows of its sales as a whole")
    time: Time = param(Time(), "horizon")
    calendar: Calendar = param(Calendar(), "working time")
    team: Team = param(Team(), "who works, and on what")
    hours_policy: HoursPolicy = param(HoursPolicy(), "how many hours are given over time")
    content: Content = param(Content(), "what is posted")
    validation: Validation = param(Validation(), "who approves it")
    channels_year: Annotated[int | None, Field(ge=1990, le=2100)] = param(
        None, "year whose channels are the defaults of named channels; none: 2012", evidence="choice"
    )
    channels: dict[str, Channel] = param(CHANNELS, "where it is posted", evidence="choice")
    selection: Selection = param(Selection(), "who reacts more than others")
    recruiting: Recruiting = param(Recruiting(), "inviting people to follow")
    profiles: Profiles = param(Profiles(), "people's own profiles, on which posts are passed on")
    sponsoring: Sponsoring = param(Sponsoring(), "money that shows posts to contacts of target accounts")
    animation: Animation = param(Animation(), "liveliness of the community")
    listening: Listening = param(Listening(), "what is said off the own channels")
    weak_signals: WeakSignals = param(WeakSignals(), "trends and competitors' moves")
    dialogue: Dialogue = param(Dialogue(), "conversations")
    outside: Outside = param(Outside(), "messages of those who will never buy")
    crises: Crises = param(Crises(), "storms in public")
    measurement: Measurement = param(Measurement(), "what gets recorded")
    effects: Effects = param(Effects(), "what touches do")
    web: Web = param(Web(), "other visitors of the web site")
    market: Market = param(Market(), "who might buy")
    sales: Sales = param(Sales(), "how deals are won")
    customers: Customers = param(Customers(), "how customers are kept")
    presence: Presence = param(Presence(), "what to compare with")

    @model_validator(mode="before")
    @classmethod
    def _channels_are_of_their_kind_and_year(cls, data: Any) -> Any:
        """Give channels of a known name the defaults of their kind, or of their preset in `channels_year`.

        A format that names no channels goes where it does by default, as far as there are such channels; if there are none,
        to all.
        """
        if not isinstance(data, dict):
            return data
        year = _year(data.get("channels_year"))
        channels = data.get("channels", {} if year is None else {name: {} for name in CHANNELS})
        if not isinstance(channels, dict) or not channels:
            return data
        data = {**data, "channels": {name: _of_its_kind(name, channel, year) for name, channel in channels.items()}}
        content = data.get("content", {})
        formats = content.get("formats", {kind: {} for kind in FORMATS}) if isinstance(content, dict) else None
        if not isinstance(formats, dict):
            return data
        going = {kind: _going(kind, form, list(channels)) for kind, form in formats.items()}
        return {**data, "content": {**content, "formats": going}}

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Scenario":
        for kind, form in self.content.formats.items():
            for channel in form.channels:
                if channel not in self.channels:
                    raise ValueError(
                        remark(
                            "content.formats.{kind}.channels names {channel}; channels has {channels}",
                            kind=kind,
                            channel=repr(channel),
                            channels=listed([*self.channels]),
                        )
                    )
        self._profiles_have_a_place()
        if self.weak_signals.ideas_go_to not in self.content.sources:
            raise ValueError(
                remark(
                    "weak_signals.ideas_go_to names {ideas_go_to}; content.sources has {sources}",
                    ideas_go_to=repr(self.weak_signals.ideas_go_to),
                    sources=listed([*self.content.sources]),
                )
            )
        self._effects_can_be_had()
        self._hours_can_be_given()
        for name, member in {**self.team.members, "hire": self.team.hire}.items():
            for slot in member.sessions:
                day, hour = divmod(hour_of_week(slot), HOURS_PER_DAY)
                ends = hour + member.longest_session_hours
                if ends > self.calendar.closes_at + 1e-9:
                    raise ValueError(
                        remark(
                            "team: {name} has a session on {slot} that may last until {ends} h, after calendar.closes_at "
                            "({closes_at}); begin earlier, or make longest_session_hours shorter",
                            name=name,
                            slot=slot,
                            ends=format(ends, "g"),
                            closes_at=format(self.calendar.closes_at, "g"),
                        )
                    )
                if day not in self.calendar.weekdays or not self.calendar.opens_at <= hour < self.calendar.closes_at:
                    raise ValueError(
                        remark(
                            "team: {name} has a session on {slot}, outside the working time of calendar", name=name, slot=slot
                        )
                    )
        return self

    @model_validator(mode="after")
    def _needs_follow_from_deals(self) -> "Scenario":
        if self.company.deals_per_year > 0.0:
            self.__dict__["market"] = with_needs_for(self.company, self.market, self.sales)
        return self

    def _profiles_have_a_place(self) -> None:
        """Check that profiles and sponsored posts are on a channel, and that no channel has their name."""
        for name in BESIDE_THE_PAGES:
            if name in self.channels:
                raise ValueError(
                    remark(
                        "channels.{name}: results use this name for something else; give the channel another name", name=name
                    )
                )
        for section, named in (("profiles", self.profiles.channel), ("sponsoring", self.sponsoring.channel)):
            if named and named not in self.channels:
                raise ValueError(
                    remark(
                        "{section}.channel names {named}; channels has {channels}",
                        section=section,
                        named=repr(named),
                        channels=listed([*self.channels]),
                    )
                )
        if self.sponsoring.per_week > 0.0 and self.place_of_sponsoring() is None:
            raise ValueError(
                remark(
                    "sponsoring.per_week is {per_week}, but none of channels is a professional network; name the "
                    "channel in sponsoring.channel, or set per_week to 0",
                    per_week=format(self.sponsoring.per_week, "g"),
                )
            )
        if self.profiles.colleagues > 0 and self.place_of_profiles() is None:
            raise ValueError(
                remark(
                    "profiles.colleagues is {colleagues}, but none of channels is a professional network; name the "
                    "channel in profiles.channel, or set colleagues to 0",
                    colleagues=self.profiles.colleagues,
                )
            )

    def _hours_can_be_given(self) -> None:
        """Check that someone can work the policy's hours, and that they begin before the horizon."""
        policy, team = self.hours_policy, self.team
        if policy.starts_week >= self.time.horizon_weeks:
            raise ValueError(
                remark(
                    "hours_policy.starts_week is {starts_week}; give a week before time.horizon_weeks ({horizon_weeks})",
                    starts_week=policy.starts_week,
                    horizon_weeks=self.time.horizon_weeks,
                )
            )
        if policy.kind == "review" and not policy.least_hours <= team.hours_per_week <= policy.most_hours:
            raise ValueError(
                remark(
                    "team.hours_per_week is {hours_per_week}, where the review begins; give hours from "
                    "hours_policy.least_hours ({least_hours}) to most_hours ({most_hours})",
                    hours_per_week=format(team.hours_per_week, "g"),
                    least_hours=format(policy.least_hours, "g"),
                    most_hours=format(policy.most_hours, "g"),
                )
            )
        if policy.kind == "staged" and policy.look_week >= self.time.horizon_weeks:
            raise ValueError(
                remark(
                    "hours_policy.look_quarters is {look_quarters}, so the look is at the end of week {look_week}; "
                    "give fewer, so that weeks are left until time.horizon_weeks ({horizon_weeks})",
                    look_quarters=policy.look_quarters,
                    look_week=policy.look_week,
                    horizon_weeks=self.time.horizon_weeks,
                )
            )
        if policy.kind == "staged" and team.hours_per_week == 0.0:
            raise ValueError(
                remark("team.hours_per_week is 0, where the stages begin; give hours, as without any nothing is seen")
            )
        most, room = policy.most(team.hours_per_week), math.fsum(member.max_hours_per_week for member in team.members.values())
        if most > room and team.hire.max_hours_per_week <= 0:
            raise ValueError(
                remark(
                    "hours_policy can come to {most} hours per week, members have {room} and a hire has none",
                    most=format(most, "g"),
                    room=format(room, "g"),
                )
            )
        if most - room > MOST_HIRES * team.hire.max_hours_per_week:
            raise ValueError(
                remark(
                    "team.hire.max_hours_per_week is {max_hours_per_week}, so that {most} hours per week take more "
                    "than {most_hires} hires; give hires more hours, or the team fewer",
                    max_hours_per_week=format(team.hire.max_hours_per_week, "g"),
                    most=format(most, "g"),
                    most_hires=MOST_HIRES,
                )
            )

    def _effects_can_be_had(self) -> None:
        """Check that each effect has something to act through, and that trust need not move beyond its limit."""
        shortlist, renewal = "market.shortlist", "customers"
        for name in ("year_of_posts", "engagement", "peer_answer", "recommendation"):
            if getattr(self.effects, name) != 1.0 and self.market.shortlist.salience_slope == 0.0:
                raise ValueError(
                    remark(
                        "effects.{name} cannot be had while {shortlist}.salience_slope is 0; make it 1, or give a slope",
                        name=name,
                        shortlist=shortlist,
                    )
                )
            self._salience_can_be_told(name)
        by_trust: tuple[tuple[str, float, tuple[str, ...]], ...] = (
            (shortlist, self.market.shortlist.trust_slope, ("good_post", "praise", "declined_request")),
            (renewal, self.customers.trust_slope, ("good_reply", "no_reply")),
        )
        for where, slope, names in by_trust:
            for name in names:
                ratio = getattr(self.effects, name)
                if abs(math.log(ratio)) > slope / 2.0 + 1e-9:
                    most = math.exp(slope / 2.0)
                    raise ValueError(
                        remark(
                            "effects.{name} is {ratio}, out of reach with {where}.trust_slope {slope}, which allows {least} to "
                            "{most}; give an effect nearer to 1, or a steeper slope",
                            name=name,
                            ratio=format(ratio, "g"),
                            where=where,
                            slope=format(slope, "g"),
                            least=format(1.0 / most, ".3g"),
                            most=format(most, ".3g"),
                        )
                    )

    def _salience_can_be_told(self, name: str) -> None:
        """Check that an effect does not take more salience than MOST_SALIENCE times that of the median account."""
        ratio, slope = getattr(self.effects, name), self.market.shortlist.salience_slope
        if math.log(ratio) > slope * math.log(MOST_SALIENCE):
            least = math.log(ratio) / math.log(MOST_SALIENCE)
            raise ValueError(
                remark(
                    "effects.{name} is {ratio}, which with market.shortlist.salience_slope {slope} takes more than "
                    "{most_salience} times the salience of the median account; give a slope of at least {least}, 0 "
                    "with effects of 1, or an effect nearer to 1",
                    name=name,
                    ratio=format(ratio, "g"),
                    slope=format(slope, "g"),
                    most_salience=format(MOST_SALIENCE, ",.0f"),
                    least=format(math.ceil(least * 1e4) / 1e4, "g"),
                )
            )

    def document(self) -> dict[str, Any]:
        """Return the whole scenario as plain data, as a file could hold it."""
        return self.model_dump(mode="json")

    def content_hash(self) -> str:
        """Return a stable hash of the scenario's content: 16 hexadecimal digits."""
        document = self.document()
        if document["channels_year"] is None:  # so scenarios from before there was such a field keep their hash
            del document["channels_year"]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def replace(self, **sections: Any) -> "Scenario":
        """Return the scenario with some sections replaced, checked as a whole."""
        return Scenario.model_validate({**{name: getattr(self, name) for name in Scenario.model_fields}, **sections})

    def place_of_profiles(self) -> str | None:
        """Return the channel on which people have profiles that pass on posts: none where nobody could be connected."""
        connected = [name for name, channel in self.channels.items() if channel.invitations == "to_connect"]
        if self.profiles.colleagues == 0 and not connected:
            return None
        networks = [name for name in self.channels if kind_of(name) == "network"]
        usual = sorted([*connected, *networks], key=lambda name: (name not in connected, name not in networks))
        return self.profiles.channel or next(iter(usual), None)

    def place_of_sponsoring(self) -> str | None:
        """Return the channel on which posts are sponsored; none without money for it."""
        if self.sponsoring.per_week == 0.0:
            return None
        return self.sponsoring.channel or next((name for name in self.channels if kind_of(name) == "network"), None)

    def twin_kind(self) -> Literal["absent", "abandoned"]:
        """Return which zero-hours world it is compared with: `absent` or `abandoned`."""
        if self.presence.twin != "auto":
            return self.presence.twin
        return "abandoned" if any(channel.followers_at_start > 0 for channel in self.channels.values()) else "absent"


def channel_start(name: str, year: int | None) -> dict[str, Any]:
    """Return what a channel starts from: the defaults of its kind, with its preset of a year laid over them."""
    kind = kind_of(name)
    usual = CHANNELS[kind] if kind in CHANNELS else Channel()
    return {**shallow(usual), **(channel_preset(name, year) if year is not None and has_preset(name) else {})}


def _year(value: Any) -> int | None:
    """Return a year that was given as a whole number; anything else is left to the check of the field."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _of_its_kind(name: Any, channel: Any, year: int | None) -> Any:
    """Lay what is given of a channel over what it starts from."""
    if not isinstance(name, str) or not isinstance(channel, dict):
        return channel
    return {**channel_start(name, year), **channel}


def _going(kind: Any, form: Any, channels: list[Any]) -> Any:
    """Say where a format that names no channels goes."""
    if not isinstance(form, dict) or "channels" in form or kind not in FORMATS:
        return form
    usual = FORMATS[kind].channels
    there = tuple(name for name in channels if isinstance(name, str) and kind_of(name) in usual)
    return {**form, "channels": there or tuple(map(str, channels))}
