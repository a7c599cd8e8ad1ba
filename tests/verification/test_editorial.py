"""Content: what it takes, what it is made of, and when it may be published (model.md, 4)."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_WEEK, hour_of_week
from sim.model.content import Shelf
from sim.model.drafts import EXPIRED, IN_REVIEW, PUBLISHED
from sim.scenario.schema.content import Source
from tests.quiet import ALL_DAYS, always_on, column, only, quiet
from tests.worlds import Only, rows

ALPHA = 0.001
UNSEEN = {"validation": {"reviewers": Only()}}
DESK = {"team": {"split": only(content=0.7, publishing=0.3)}, "time": {"horizon_weeks": 40}}


def mix(raw=0.0, adapted=0.0, original=0.0):
    return {"formats": {"raw": {"mix": raw}, "adapted": {"mix": adapted}, "original": {"mix": original}}}


def feed(news=0.0, documents=0.0, ideas=0.0, **rest):
    given = {"news": news, "documents": documents, "ideas": ideas}
    return {"sources": {name: {"per_week": per_week, **rest} for name, per_week in given.items()}}


@pytest.mark.parametrize(("kind", "median", "sigma", "speed"), [("raw", 8.0, 0.4, 1.0), ("original", 90.0, 0.7, 1.5)])
def test_making_takes_lognormal_time(kind, median, sigma, speed):
    """Null: seconds of drafts are lognormal with the format's median, over speed. KS, alpha 0.001."""
    hours = always_on(
        UNSEEN,
        {"content": {"formats": {kind: {"minutes": {"median": median, "sigma": sigma}}}}},
        content=mix(**{kind: 1.0}) | feed(1e4, 0.0, 1e4),
        team={
            "split": only(content=1.0),
            "members": Only(
                one={
                    "max_hours_per_week": 168.0,
                    "longest_session_hours": 24.0,
                    "sessions": [f"{day} 00:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")],
                    "skills": {"content": {"speed": speed}},
                }
            ),
        },
        time={"horizon_weeks": 20},
    )
    world = World(hours, 1, 0)
    record = world.run()
    seconds = np.array(column(record.drafts, "seconds"))[:2000]
    assert len(seconds) > 1000
    assert stats.kstest(seconds, stats.lognorm(sigma, scale=60.0 * median / speed).cdf).pvalue > ALPHA
    assert sum(column(record.drafts, "seconds")) == pytest.approx(20 * 168 * 3600, rel=0.01), "all of the time goes to it"


def test_the_usual_mix_is_multinomial_while_there_is_material():
    """Null: kinds come in their shares. Chi-square, alpha 0.001."""
    hours = always_on(UNSEEN, content=mix(0.6, 0.3, 0.1) | feed(1e4, 1e4, 1e4), team={"split": only(content=1.0)})
    hours = hours.replace(time=hours.time.model_copy(update={"horizon_weeks": 20}))
    kinds = Counter(column(World(hours, 1, 0).run().drafts, "kind"))
    number = kinds.total()
    assert number > 2000
    expected = [number * share for share in (0.6, 0.3, 0.1)]
    assert stats.chisquare([kinds[kind] for kind in ("raw", "adapted", "original")], expected).pvalue > ALPHA


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shelf_holds_what_was_fed_and_not_used_up_to_its_room(seed):
    """Exact: against a shelf kept by hand, an hour at a time, under random uses and additions."""
    rng = np.random.default_rng(seed)
    spec = Source(per_week=float(rng.choice([0.0, 0.5, 3.0, 20.0])), keeps_weeks=float(rng.choice([0.1, 1.0, 4.0])))
    shelf, room, per_hour = Shelf(spec), spec.per_week * spec.keeps_weeks, spec.per_week / HOURS_PER_WEEK
    stock, used, given = min(spec.per_week, room), 0, 0.0
    for hour in range(3000):
        if hour:
            stock = max(stock, min(room, stock + per_hour))
        if rng.random() < 0.01:
            shelf.add(float(hour), 1.0)
            stock, given = stock + 1.0, given + 1.0
        if abs(stock - 1.0) > 1e-9:
            assert shelf.holds_one(float(hour)) == (stock > 1.0), (hour, stock, room)
        if rng.random() < 0.05 and shelf.holds_one(float(hour)):
            shelf.add(float(hour), -1.0)
            stock, used = stock - 1.0, used + 1
        assert used <= spec.per_week + hour * per_hour + given + 1e-9
    assert used > 0


def test_of_every_source_no_more_is_used_than_it_was_fed():
    """Pieces begun from each source never exceed the first week's feed and what came since, week by week.

    Two formats share sources, in different orders; ideas come from analysed trends as well.
    """
    hours = always_on(
        UNSEEN,
        content=mix(0.5, 0.3, 0.2) | feed(5.0, 2.0, 0.5, keeps_weeks=26.0),
        team={"split": only(content=0.6, listening=0.2, weak_signals=0.2)},
        weak_signals={"trends_per_year": 40.0, "finds_per_hour": 0.5, "ideas_per_trend": 2.0, "moves_per_year": 0.0},
        time={"horizon_weeks": 80},
    )
    world = World(hours, 1, 0)
    used, ideas = Counter(), [0.0]
    for name, shelf in world.content.shelves.items():

        class Watched(Shelf):
            def add(self, now, pieces):
                super().add(now, pieces)
                if pieces == -1.0:
                    used[self.name] += 1
                    fed = self.spec.per_week * (1.0 + now / HOURS_PER_WEEK)
                    assert used[self.name] <= fed + (ideas[0] if self.name == "ideas" else 0.0) + 1e-6
                elif self.name == "ideas":
                    ideas[0] += pieces

        Watched.name = name
        watched = Watched(shelf.spec)
        world.content.shelves[name] = watched
    world.content._usual = list(world.content.shelves.values())
    ideas[0] = 0.0
    record = world.run()
    analysed = [one for one in world.analysis.found if one.analysed_at is not None and one.analysed_at < one.dies_at]
    assert ideas[0] == 2.0 * len(analysed) > 20.0
    begun = world.content.begun
    assert used.total() == begun >= len(record.drafts) >= begun - 1
    for name, source in hours.content.sources.items():
        fed = source.per_week * 81.0 + (ideas[0] if name == "ideas" else 0.0)
        assert used[name] == pytest.approx(fed, abs=2.0), "and with so many hours nothing is left lying"


def test_where_ideas_come_from_trends_alone_each_is_written_up():
    """Exact: so many pieces as analysed trends that were still news, the last ones perhaps unfinished."""
    hours = always_on(
        UNSEEN,
        content=mix(original=1.0) | feed(),
        team={"split": only(content=0.6, listening=0.2, weak_signals=0.2)},
        weak_signals={"trends_per_year": 40.0, "finds_per_hour": 0.5, "ideas_per_trend": 1.0, "moves_per_year": 0.0},
        time={"horizon_weeks": 80},
    )
    world = World(hours, 1, 0)
    record = world.run()
    alive = [one for one in world.analysis.found if one.analysed_at is not None and one.analysed_at < one.dies_at]
    assert len(alive) > 20
    assert len(alive) - 2 <= len(record.drafts) <= len(alive)


def test_nothing_is_made_of_nothing_and_no_hour_is_booked_on_it():
    hours = always_on(UNSEEN, DESK, content=mix(0.5, 0.5, 0.0) | feed(ideas=10.0))
    record = World(hours, 1, 0).run()
    assert not record.drafts.rows
    assert not record.posts.rows
    assert set(column(record.hours, "activity")) == {"idle"}, "ideas are of no use where nothing is made of them"


def test_another_format_is_made_where_material_of_the_one_drawn_is_lacking():
    hours = always_on(UNSEEN, DESK, content=mix(0.1, 0.2, 0.7) | feed(news=20.0))
    kinds = Counter(column(World(hours, 1, 0).run().drafts, "kind"))
    assert kinds["original"] == 0
    assert kinds["adapted"] > 5 * kinds["raw"] > 0, "the likelier of those that can be made"


@pytest.mark.parametrize("channels", [("network",), ("network", "micro_blog"), ("blog", "network", "micro_blog"), ()])
def test_a_piece_on_k_channels_takes_the_minutes_of_the_first_and_of_each_further_one(channels):
    """Exact, to the second; on each of its channels it is posted once."""
    form = {"mix": 1.0, "channels": channels}
    hours = quiet(
        UNSEEN,
        DESK,
        team={"hours_per_week": 20.0},
        content={
            "formats": {"raw": form, "adapted": {"mix": 0.0}, "original": {"mix": 0.0}},
            "minutes_to_publish": 3.0,
            "minutes_further_channel": 4.5,
        },
    )
    world = World(hours, 1, 0)
    record = world.run()
    published = sum(state == PUBLISHED for state in column(record.drafts, "state"))
    spent = sum(row["seconds"] for row in rows(record.hours) if row["activity"] == "publishing")
    each = 60.0 * (3.0 + 4.5 * (len(channels) - 1)) if channels else 1.0
    assert published > 200
    assert 0.0 <= spent - published * each < each
    places = Counter((row["channel"], row["draft"]) for row in rows(record.posts))
    assert set(places.values()) <= {1}
    assert Counter(channel for channel, _ in places) == dict.fromkeys(channels, published)


PLAN = {"kind": "original", "week": 6, "every_weeks": 4, "slot": "Wed 10:00", "lead_weeks": 2.0, "topicality": 1.2}


def planned(plan, *layers, **content):
    usual = mix(0.9, 0.0, 0.1) | feed(news=1e4, ideas=5.0)
    return World(always_on(UNSEEN, DESK, *layers, {"content": usual}, content={"planned": Only(fair=plan)} | content), 1, 0)


def test_planned_posts_are_made_first_and_published_on_their_day():
    """One who is always there: made as soon as work on them may begin, published at the slot or just after, never before."""
    world = planned(PLAN)
    world.run()
    days = [week * HOURS_PER_WEEK + hour_of_week("Wed 10:00") for week in range(6, 40, 4)]
    own = sorted((draft for draft in world.content.made if draft.due_at > 0.0), key=lambda draft: draft.due_at)
    assert [draft.due_at for draft in own] == days
    for draft in own:
        assert draft.state == PUBLISHED
        assert draft.due_at <= draft.settled_at < draft.due_at + 12.0
        begins_at = draft.due_at - 2.0 * HOURS_PER_WEEK
        assert begins_at <= draft.made_at - draft.seconds / 3600.0 <= begins_at + 24.0, "before the usual mix"
        assert draft.quality == pytest.approx(draft.form.quality * 1.2, rel=1e-12) or draft.quality == 0.99
    posts = {row["draft"]: row["quality"] for row in rows(world.record.posts)}
    for draft in own:
        waited = draft.settled_at - draft.made_at
        assert posts[draft.number] == pytest.approx(draft.quality * 2.0 ** (-waited / (8.0 * HOURS_PER_WEEK)), rel=1e-9)


def test_a_planned_post_that_is_too_late_is_dropped():
    """Work begins two weeks before, reviewers take three, and half a week later it is worth nothing: made, never posted."""
    plan = PLAN | {"worthless_after_weeks": 0.5}
    usual = mix(1.0) | feed(news=10.0, ideas=5.0)
    slow = {"people": 50, "hours_per_week": 0.5 / 3.0, "review_hours": {"median": 0.5, "sigma": 0.0}, "share_approved": 0.999}
    review = {"reviewers": Only(expert=slow | {"share_original": 1.0})}
    hours = quiet(
        UNSEEN, DESK, {"content": usual}, content={"planned": Only(fair=plan)}, validation=review, team={"hours_per_week": 6.0}
    )
    world = World(hours, 1, 0)
    record = world.run()
    own = [draft for draft in world.content.made if draft.due_at > 0.0]
    *own, last = sorted(own, key=lambda draft: draft.due_at)
    assert last.state in (IN_REVIEW, EXPIRED), "the horizon may come first"
    assert [draft.state for draft in own] == [EXPIRED] * 8
    assert all(draft.settled_at > draft.worthless_at - 0.5 for draft in own)
    assert not {draft.number for draft in own} & {row["draft"] for row in rows(record.posts)}
    assert len(record.posts) > 100


def test_a_planned_post_for_which_there_is_no_material_does_not_stop_the_others():
    world = planned(PLAN | {"worthless_after_weeks": 0.5}, sources={"ideas": {"per_week": 0.0}})
    record = world.run()
    assert not [draft for draft in world.content.made if draft.due_at > 0.0]
    assert len(record.posts) > 100


def test_work_on_a_planned_post_is_not_begun_when_its_day_is_past():
    """Away for the whole of its time: the post of that day is never begun, that of the next is."""
    hours = quiet(
        UNSEEN,
        DESK,
        ALL_DAYS,
        calendar={"closed_weeks": [8, 9, 10, 11]},
        content=mix(1.0) | feed(news=1e4, ideas=5.0)
        | {"planned": Only(fair=PLAN | {"week": 10, "every_weeks": 10, "lead_weeks": 2.5, "worthless_after_weeks": 0.5})},
        time={"start": "2012-01-02"},
        team={"hours_per_week": 20.0},
    )  # fmt: skip
    world = World(hours, 1, 0)
    world.run()
    due = sorted(draft.due_at for draft in world.content.made if draft.due_at > 0.0)
    assert due == [week * HOURS_PER_WEEK + hour_of_week("Wed 10:00") for week in (20, 30)]


def test_no_post_is_older_than_its_worth():
    """News of a worth of two days, and publishing that now and then stops over a night: nothing stale is ever posted."""
    hours = quiet(
        UNSEEN,
        {"team": {"split": only(content=0.85, publishing=0.15), "hours_per_week": 15.0}, "time": {"horizon_weeks": 60}},
        content=mix(1.0) | feed(news=400.0) | {"minutes_to_publish": 20.0},
    )
    hours = hours.replace(
        content=hours.content.model_copy(
            update={"sources": {**hours.content.sources, "news": Source(per_week=400.0, worthless_after_weeks=2.0 / 7.0)}}
        )
    )
    world = World(hours, 1, 0)
    record = world.run()
    states = Counter(column(record.drafts, "state"))
    assert states[PUBLISHED] > 50
    assert states[EXPIRED] > 50
    worth = {draft.number: draft.worthless_at for draft in world.content.made}
    late = [row for row in rows(record.posts) if row["time"] > worth[row["draft"]]]
    assert not late, (len(late), len(record.posts))


def test_what_waits_loses_topicality_by_its_source():
    """Exact: quality at publishing is that of making, halved in each half-life of the source."""
    hours = quiet(
        UNSEEN,
        DESK,
        content=mix(0.5, 0.5, 0.0) | {"sources": {
            "news": {"per_week": 40.0, "topicality_half_life_weeks": 1.0, "worthless_after_weeks": 0.0},
            "documents": {"per_week": 40.0, "topicality_half_life_weeks": 9.0}}},
        team={"hours_per_week": 10.0},
    )  # fmt: skip
    world = World(hours, 1, 0)
    record = world.run()
    made, ages = {draft.number: draft for draft in world.content.made}, []
    for row in rows(record.posts):
        draft = made[row["draft"]]
        weeks = (row["time"] - draft.made_at) / HOURS_PER_WEEK
        half_life = 1.0 if draft.kind == "raw" else 9.0  # each takes its own first, of which there is plenty
        assert row["quality"] == pytest.approx(draft.quality * math.exp(-math.log(2.0) * weeks / half_life), rel=1e-9)
        ages.append(weeks)
    assert max(ages) > 0.5
