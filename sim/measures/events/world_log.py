"""The event log of a world: what its record holds, as objects and what happened to them. See docs/other-tools.md."""

from collections import Counter
from collections.abc import Mapping

from sim.measures.causal_effects import UNCHANGED
from sim.measures.events import courses
from sim.measures.events.log import (
    ACCOUNT,
    CHANNEL,
    CONTACT,
    CONTRACT,
    CRISIS,
    DEAL,
    DRAFT,
    MESSAGE,
    NEED,
    PERSON,
    POST,
    REVIEWERS,
    SIGNAL,
    Log,
)
from sim.model.customers import FIRST_CONTRACT
from sim.model.dialogue import ANSWERED, MISSED, NOBODY
from sim.model.needs import FIRST_DAY
from sim.model.record import Record, each
from sim.model.team import hours_by_member
from sim.scenario import Scenario
from sim.scenario.schema.channels import BESIDE_THE_PAGES

HOW = {ANSWERED: "message answered", MISSED: "message missed"}
Named = tuple[int, int]  # account and need


def world_log(scenario: Scenario, record: Record, truth: Mapping[Named, str] | None = None) -> Log:
    """Return everything that happened in a world to accounts, the team and what lies between them; without its twin.

    `truth` says what social media did to needs, by the label of the table of deals; it is then an attribute of every need.
    """
    return _Writer(scenario, record, truth).write()


class _Writer:
    """Writes the record of a world down as a log."""

    def __init__(self, scenario: Scenario, record: Record, truth: Mapping[Named, str] | None) -> None:
        self.scenario, self.record, self.truth, self.log = scenario, record, truth, Log()
        self.roles, self.stages = list(scenario.market.roles), list(scenario.sales.stages)
        self.posts: dict[tuple[str, int], str] = {}
        self.deals: dict[Named, str] = {}

    def write(self) -> Log:
        """Write everything: what stands there first, then what refers to it."""
        self.standing()
        self.drafts()
        self.posts_go_out()
        self.needs()
        self.contracts()
        self.followers()
        self.messages()
        self.signals()
        self.team()
        return self.log.finished(FIRST_DAY)

    def standing(self) -> None:
        """List accounts, channels, people and reviewers."""
        segments = list(self.scenario.market.segments)
        segment_of = {
            account: segment
            for table in (self.record.needs, self.record.contracts, self.record.renewals)
            for account, segment in each(table, "account", "segment")
        }
        for account in range(self.scenario.market.accounts):
            segment = segment_of.get(account, segments[0] if len(segments) == 1 else "")
            known = {"segment": segment} if segment else {}
            self.log.thing(ACCOUNT, account, is_customer_at_start=account < self.scenario.market.customers, **known)
        for name in self.scenario.channels:
            self.log.thing(CHANNEL, name)
        policy, team = self.scenario.hours_policy, self.scenario.team
        for name, _, _ in hours_by_member(team, policy.most(team.hours_per_week)):
            self.log.thing(PERSON, name)
        for name in self.scenario.validation.reviewers:
            self.log.thing(REVIEWERS, name)

    def account(self, number: int) -> str:
        """Return the id of an account; "" for those who belong to none."""
        return "" if number == NOBODY else f"{ACCOUNT}:{number}"

    def contact(self, index: int) -> str:
        """Return the id of a contact."""
        seat = index % len(self.roles)
        works_at = [(self.account(index // len(self.roles)), "works at")]
        return self.log.thing(CONTACT, index, role=self.roles[seat], relations=works_at)

    def channel(self, name: str) -> str:
        """Return the id of a channel, which may be people's own profiles or sponsored posts."""
        return self.log.thing(CHANNEL, name)

    def person(self, name: str) -> str:
        """Return the id of a member of the team; "" for nobody."""
        return f"{PERSON}:{name}" if name else ""

    def drafts(self) -> None:
        """Write what became of each draft."""
        for course in courses.drafts(self.record):
            draft = self.log.thing(DRAFT, course.number, format=course.kind, outcome=course.outcome)
            for step in course.steps:
                by = (self.person(step.by), "by"), (f"{REVIEWERS}:{step.group}" if step.group else "", "reviewers")
                self.log.add(step.time, step.event, (draft, "draft"), *by, **step.detail)

    def posts_go_out(self) -> None:
        """Write each post, what people did with it, and to whom it was passed on."""
        numbers: Counter[str] = Counter()
        for time, name, draft, kind, quality, reach in each(
            self.record.posts, "time", "channel", "draft", "kind", "quality", "reach"
        ):
            number, channel = numbers[name], self.channel(name)
            numbers[name] += 1
            related = [(f"{DRAFT}:{draft}", "shows"), (channel, "on")]
            post = self.log.thing(POST, name, number, relations=related, format=kind, quality=quality, reach=reach)
            self.posts[name, number] = post
            self.log.add(time, "post published", (post, "post"), (f"{DRAFT}:{draft}", "draft"), (channel, "channel"))
        columns = ("time", "channel", "contact", "account", "kind", "post", "recorded")
        for time, name, contact, account, kind, number, recorded in each(self.record.interactions, *columns):
            self.log.add(
                time, kind, (self.contact(contact), "contact"), (self.account(account), "account"),
                (self.posts[name, number], "post"), (self.channel(name), "channel"), is_recorded=bool(recorded),
            )  # fmt: skip
        for time, name, by, contact, account, number in each(
            self.record.passed_on, "time", "channel", "by", "contact", "account", "post"
        ):
            self.log.add(
                time, "post passed on", (self.posts[name, number], "post"), (self.contact(by), "by"),
                (self.contact(contact), "to"), (self.account(account), "account"), (self.channel(name), "channel"),
            )  # fmt: skip

    def needs(self) -> None:
        """Write each need, and the deal that it is pursued by if its buyer got in touch."""
        columns = ("account", "need", "opens_at", "value", "segment", "visits", "recorded_source", "decided_at", "closed_at")
        for number, need, opens_at, value, segment, visits, source, decided_at, closed_at in each(self.record.needs, *columns):
            account = self.account(number)
            known = {} if self.truth is None else {"truth": self.truth.get((number, need), UNCHANGED)}
            of = self.log.thing(NEED, number, need, relations=[(account, "of")], value=float(value), segment=segment, **known)
            for time, where in visits:
                self.log.add(time, "visit to the web site", (of, "need"), (account, "account"), source=where)
            if not source:
                self.log.add(opens_at, courses.OPENS, (of, "need"), (account, "account"))
                if decided_at and closed_at == decided_at[0]:
                    self.log.add(closed_at, "brand not shortlisted", (of, "need"), (account, "account"))
        for course in courses.deals(self.record, self.stages):
            self.deal(course)
        for account_number, need, time, peer, opinion in each(
            self.record.recommendations, "account", "need", "time", "peer", "opinion"
        ):
            account, other = self.account(account_number), self.account(peer)
            of = f"{NEED}:{account_number}:{need}"
            self.log.add(time, "peer asked", (of, "need"), (account, "account"), (other, "peer"), opinion=opinion)

    def deal(self, course: courses.DealCourse) -> None:
        """Write a deal with its steps."""
        need = course.need
        name, account = (need["account"], need["need"]), self.account(need["account"])
        of = f"{NEED}:{name[0]}:{name[1]}"
        outcome = "won" if need["won"] else f"lost to {need['lost_to']}" if need["lost_to"] else "open"
        self.deals[name] = deal = self.log.thing(
            DEAL, *name, relations=[(of, "pursues"), (account, "with")], value=float(need["value"]), outcome=outcome,
            source=need["recorded_source"], first_touch=need["first_touch"],
        )  # fmt: skip
        for step in course.steps:
            before = step.activity in (courses.OPENS, courses.SHORTLISTED)
            related = ((of, "need"), (account, "account"), ("" if before else deal, "deal"))
            self.log.add(step.time, step.event, *related, **step.detail)

    def contracts(self) -> None:
        """Write contracts held: those of the first day, those of deals won, and their anniversaries."""
        for account in range(self.scenario.market.customers):
            contract = self.log.thing(CONTRACT, account, FIRST_CONTRACT, relations=[(self.account(account), "held by")])
            self.log.add(FIRST_DAY, "contract is held", (contract, "contract"), (self.account(account), "account"))
        for account, need, won, closed_at in each(self.record.needs, "account", "need", "won", "closed_at"):
            if won:
                deal = self.deals[account, need]
                related = [(self.account(account), "held by"), (deal, "signed after")]
                contract = self.log.thing(CONTRACT, account, need, relations=related)
                to = ((contract, "contract"), (deal, "deal"), (self.account(account), "account"))
                self.log.add(closed_at, "contract signed", *to)
        columns = ("account", "need", "time", "held", "renewed", "expanded", "renewed_value")
        for account, need, time, held, renewed, expanded, value in each(self.record.renewals, *columns):
            if held:
                due = ((f"{CONTRACT}:{account}:{need}", "contract"), (self.account(account), "account"))
                if renewed:
                    self.log.add(time, "contract renewed", *due, has_grown=bool(expanded), value=float(value))
                else:
                    self.log.add(time, "contract lapsed", *due)

    def followers(self) -> None:
        """Write who follows which page, or is connected with whom, since when and until when."""
        columns = ("time", "channel", "contact", "account", "change", "how")
        for time, name, contact, account, change, how in each(self.record.followers, *columns):
            if time == FIRST_DAY and name in BESIDE_THE_PAGES:
                continue  # whom colleagues know and whom sponsored posts can be shown to: nobody did anything
            to = ((self.contact(contact), "contact"), (self.account(account), "account"), (self.channel(name), "channel"))
            if change > 0:
                self.log.add(time, "follows", *to, how=how)
            else:
                self.log.add(time, "stops following", *to)

    def messages(self) -> None:
        """Write each message: when it came, who began to answer when, and what became of it."""
        answers = courses.slices_of(self.record, ("dialogue",))
        columns = ("time", "account", "channel", "contact", "post", "converses")
        wrote = {row[:2]: row[2:5] for row in each(self.record.interactions, *columns) if row[5]}
        asks = {
            (decided_at[0], account): f"{NEED}:{account}:{need}"
            for account, need, decided_at in each(self.record.needs, "account", "need", "decided_at")
            if decided_at
        }
        columns = ("message", "kind", "account", "opened_at", "settled_at", "outcome")
        for number, kind, account, opened_at, settled_at, outcome in each(self.record.conversations, *columns):
            comment = wrote.get((opened_at, account)) if kind in ("comment", "buyer_question") else None
            need = asks.get((opened_at, account), "") if kind == "buyer_message" else ""
            related = [(self.account(account), "from"), (need, "is about")]
            if comment is not None:
                name, contact, post = comment
                related += [(self.contact(contact), "by"), (self.posts[name, post], "answers to")]
            message = self.log.thing(MESSAGE, number, relations=[one for one in related if one[0]], kind=kind, outcome=outcome)
            to = ((message, "message"), (self.account(account), "account"))
            self.log.add(opened_at, "message arrives", *to, (need, "need"))
            for member, began, _, _ in answers["dialogue", number][:1]:
                self.log.add(began, "answer begun", *to, (self.person(member), "by"))
            member = answers["dialogue", number][-1][0] if answers["dialogue", number] and outcome == ANSWERED else ""
            self.log.add(settled_at, HOW.get(outcome, "message goes off line"), *to, (self.person(member), "by"))

    def signals(self) -> None:
        """Write what was said elsewhere and found, and storms in public."""
        columns = ("kind", "account", "number", "born_at", "found_at", "analysed_at")
        for kind, account, number, born_at, found_at, analysed_at in each(self.record.signals, *columns):
            by = self.account(account)
            signal = self.log.thing(SIGNAL, kind, account, number, relations=[(by, "of")] if by else (), kind=kind)
            for time, what in ((born_at, "signal arises"), (found_at, "signal found"), (analysed_at, "signal understood")):
                if time is not None:
                    self.log.add(time, what, (signal, "signal"), (by, "account"))
        for number, born_at, warned_at, breaks_out_at, answered_at, settled_at, outcome, loss in each(
            self.record.crises,
            "crisis", "born_at", "warned_at", "breaks_out_at", "answered_at", "settled_at", "outcome", "trust_loss",
        ):  # fmt: skip
            crisis = self.log.thing(CRISIS, number, outcome=outcome, trust_loss=float(loss))
            steps = ((born_at, "crisis begins"), (warned_at, "team warned of crisis"), (breaks_out_at, "crisis breaks out"))
            for time, what in (*steps, (answered_at, "crisis answered"), (settled_at, "crisis over")):
                if time is not None:
                    self.log.add(time, what, (crisis, "crisis"))

    def team(self) -> None:
        """Write who worked on what from when on, and for how many hours."""
        for member, activity, began, ended in each(self.record.blocks, "member", "activity", "began", "ended"):
            self.log.add(began, f"works on {activity}", (self.person(member), "by"), hours=ended - began)
