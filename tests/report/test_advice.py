"""Advice over decisions alone, for each value of what cannot be chosen; what a design over ranges may say; small samples."""

import dataclasses
import re

import numpy as np
import pytest

import sim
from sim.analysis import choices, surface
from sim.experiment import Plan, execute
from sim.experiment.designs import CASE, HOURS, grid, sampled
from sim.experiment.plan import Point
from sim.report.answers import advice, fitted
from sim.report.answers.choice import answer_of
from sim.report.figures.style import as_bytes
from sim.report.html import report
from sim.report.questions import QUESTIONS, headline
from sim.scenario import apply
from tests.small import short, small_results

MARGIN = "sales.margin"
RICH = {"market.segments.all.deal_value": {"median": 90_000, "sigma": 0.4}, "effects.good_post": 3.0, "effects.engagement": 2.0}


def rich():
    """A company that hours pay for, if its margin is high."""
    return apply(short(), RICH | {"time.horizon_weeks": 40, "time.run_off_weeks": 60, "market.accounts": 600})


@pytest.fixture(scope="module")
def by_margin(tmp_path_factory):
    plan = Plan("rich", grid(rich(), [f"{HOURS}=2,20", f"{MARGIN}=0.05,0.9"]), 10, seed=7)
    return execute(plan, tmp_path_factory.mktemp("advice") / "margins")


@pytest.fixture(scope="module")
def margins_alone(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("advice") / "alone", 2, f"{MARGIN}=0.3,0.7")


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    points = sampled(short(), [f"{HOURS}=5:40", f"{MARGIN}=0.3:0.7"], "lhs", 8, 1)
    return execute(Plan("design", points, 1, 1, design="lhs"), tmp_path_factory.mktemp("advice") / "design")


def text_of(results):
    return "\n".join(answer_of(results).sentences())


def test_advice_is_given_for_each_value_of_what_cannot_be_chosen(by_margin):
    low, high = choices.advice(by_margin)
    assert (low.context.settings, high.context.settings) == ({MARGIN: 0.05}, {MARGIN: 0.9})
    assert (low.is_sure, high.is_sure) == (False, True)
    first = headline(by_margin).sentences[0]
    assert first == (
        "What to fund depends on what you cannot choose: at margin 0.05: none, as no level is shown to pay;"
        " at margin 0.9: 20 h/week."
    )
    assert not headline(by_margin).is_stop
    said = answer_of(by_margin).to_dict()
    assert [(one["given"], one["hours"]) for one in said["advice"]] == [({MARGIN: 0.05}, None), ({MARGIN: 0.9}, 20.0)]
    assert said["level"] is None


def test_no_output_recommends_a_margin(by_margin, tmp_path):
    report.write([by_margin], tmp_path / "report.html")
    page = re.sub("<[^>]*>", " ", re.sub(r"data:[^\"]*", "", (tmp_path / "report.html").read_text(encoding="utf-8")))
    assert "at margin 0.9: 20 h/week" in page
    figure = as_bytes(QUESTIONS[1].draw(by_margin, 0), "svg").decode()
    assert "What to fund depends on what you cannot choose" in figure
    for text in (text_of(by_margin), page, figure):
        assert not re.search(
            r"h/week, margin 0\.\d+ (returns most|costs least|is sure|is not sure)|[Ff]und 20 h/week, margin", text
        )


def test_the_same_advice_at_every_value_is_said_once(tmp_path):
    results = small_results(tmp_path / "run", 2, f"{HOURS}=5,20", "team.members.community_manager.cost_per_hour=500,900")
    said = headline(results)
    assert said.is_stop
    assert "the advice is the same: none, as no level is shown to pay" in said.sentences[0]


def test_nothing_is_advised_where_nothing_that_was_varied_can_be_chosen(margins_alone):
    text = text_of(margins_alone)
    assert "Nothing that was varied is yours to choose, so nothing is advised." in text
    assert "Fund" not in text
    assert {one["hours"] for one in answer_of(margins_alone).to_dict()["advice"]} == {None}


def test_cases_are_contexts_if_more_than_decisions_sets_them_apart(tmp_path):
    cases = {"as it is": {}, "few": {"market.accounts": 100}}
    points = tuple(
        Point(f"{name}, {hours}", apply(short(), {**values, HOURS: hours}), {HOURS: hours, CASE: name})
        for name, values in cases.items()
        for hours in (5.0, 20.0)
    )
    results = execute(Plan("cases", points, 1, 7), tmp_path / "run")
    assert [one.settings for one in choices.contexts(results)] == [{CASE: "as it is"}, {CASE: "few"}]
    mixes = tuple(
        Point(name, apply(short(), values), {HOURS: 10.0, CASE: name})
        for name, values in {"as it is": {}, "ramp": {"hours_policy.kind": "ramp"}}.items()
    )
    assert len(choices.contexts(execute(Plan("mixes", mixes, 1, 7), tmp_path / "mixes"))) == 1


def test_reviewers_that_one_scenario_lacks_are_a_decision_whatever_is_assumed_of_them(tmp_path):
    more = apply(short(), {"validation.reviewers.medical": {"share_approved": 0.9}})
    points = (Point("fewer", short(), {HOURS: 10.0}), Point("more", more, {HOURS: 10.0}))
    assert len(choices.contexts(execute(Plan("reviewers", points, 1, 7), tmp_path / "run"))) == 1
    other = apply(more, {"validation.reviewers.medical.share_approved": 0.4})
    points = (Point("more", more, {HOURS: 10.0}), Point("stricter", other, {HOURS: 10.0}))
    assert len(choices.contexts(execute(Plan("stricter", points, 1, 7), tmp_path / "stricter"))) == 2


def test_a_design_is_told_by_its_surface_and_never_by_single_worlds(design):
    text = text_of(design)
    assert "A surface of" in text
    assert "was fitted to 8 points" in text
    for wrong in ("Only one level", "undefined", "returns most", "Fund", "p 0.000"):
        assert wrong not in text
    said = answer_of(design).to_dict()
    assert said["surface"]["prediction_error"] > 0.0
    assert {one["parameter"] for one in said["surface"]["effects"]} == {HOURS, MARGIN}
    assert headline(design).sentences == tuple(fitted.sentences(design))


def test_a_report_of_a_design_opens_with_its_surface(design, tmp_path, leave_questions):
    leave_questions(1)
    report.write([design], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "A surface of" in page
    assert "returns most" not in page


def fit_of(results, values, monkeypatch):
    """The surface fitted where each point of a design returns some values, shape (points, worlds)."""
    frames = [sim.analysis.frames.Frame({surface.RETURN: row}) for row in values]
    monkeypatch.setattr(surface, "by_point", lambda *_: frames)
    return surface.fit(results)


@pytest.fixture(scope="module")
def wide_design(design):
    points = sampled(short(), [f"{HOURS}=0:40", f"{MARGIN}=0.2:0.8"], "lhs", 40, 3)
    return dataclasses.replace(design, manifest=Plan("design", points, 20, 1, design="lhs").manifest())


def settings_of(results):
    said = [point["settings"] for point in results.manifest["points"]]
    return np.array([[one[HOURS], one[MARGIN]] for one in said])


def test_the_surface_finds_the_highest_place_of_a_known_one(wide_design, monkeypatch):
    """Net return is 1000 * (40 h m - h**2): highest at h = 20 m, so 4, 10 and 16 h at margins 0.2, 0.5 and 0.8."""
    hours, margin = settings_of(wide_design).T
    luck = np.random.default_rng(5).normal(0.0, 2000.0, (len(hours), 20))
    found = fit_of(wide_design, 1000.0 * (40.0 * hours * margin - hours**2)[:, None] + luck, monkeypatch)
    assert found.terms == surface.PRODUCTS
    assert found.explained > 0.99
    top = surface.best(found)
    for one in top:
        at = one.given[MARGIN]
        assert one.decisions[HOURS] == pytest.approx(20.0 * at, abs=1.0)
        low, high = one.near[HOURS]
        assert low <= 20.0 * at <= high
        assert one.net_return.low < 400_000.0 * at**2 < one.net_return.high
    assert [round(one.given[MARGIN], 1) for one in top] == [0.2, 0.5, 0.8]


def test_luck_that_all_points_share_widens_the_interval(wide_design, monkeypatch):
    """The residuals do not show it: all points move up and down together. Null: the interval holds 0 in 90 of 100 worlds."""
    hours = settings_of(wide_design)[:, 0]
    held = 0
    for seed in range(60):
        shared = np.random.default_rng(seed).normal(0.0, 1000.0, 20)
        noise = np.random.default_rng(1000 + seed).normal(0.0, 10.0, (len(hours), 20))
        found = fit_of(wide_design, shared + noise, monkeypatch).at(np.zeros(2))
        held += found.low < 0.0 < found.high
    assert held >= 45  # of 60, of which 54 are expected; fewer have a probability of 0.0003


def test_a_surface_of_pure_noise_names_no_best_level(wide_design, monkeypatch):
    values = np.random.default_rng(8).normal(0.0, 1000.0, (40, 20))
    found = fit_of(wide_design, values, monkeypatch)
    assert found.explained < 0.2
    assert not found.is_trusted
    monkeypatch.setattr(surface, "fit", lambda _: found)
    said = " ".join(fitted.sentences(wide_design))
    assert "too little to say where it is highest" in said
    assert "It is highest" not in said


def test_shares_of_a_whole_are_fitted_without_the_last_and_never_exceed_it(design):
    points = sampled(short(), ["team.split=simplex"], "lhs", 60, 3)
    results = dataclasses.replace(design, manifest=Plan("split", points, 1, 1, design="lhs").manifest())
    shares = np.array([list(point.settings.values()) for point in points])
    frames = [sim.analysis.frames.Frame({surface.RETURN: [row[0] * 100.0 + row[1] * 50.0]}) for row in shares]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surface, "by_point", lambda *_: frames)
        found = surface.fit(results)
    assert len(found.paths) == shares.shape[1] - 1
    (best,) = surface.best(found)
    assert sum(best.decisions.values()) <= 1.0 + 1e-9


def test_too_few_points_make_no_surface(design):
    points = sampled(short(), [f"{HOURS}=5:40", f"{MARGIN}=0.3:0.7"], "lhs", 2, 1)
    few = dataclasses.replace(design, manifest=Plan("few", points, 1, 1, design="lhs").manifest())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surface, "by_point", lambda *_: [sim.analysis.frames.Frame({surface.RETURN: [1.0]})] * 2)
        assert surface.fit(few) is None
        assert "too few" in " ".join(fitted.sentences(few))


TRIAL = "That is a trial"


def test_advice_from_few_worlds_is_marked_as_a_trial_everywhere(margins_alone, tmp_path, design, split, at_ends):
    levels = small_results(tmp_path / "levels", 9)
    split = dataclasses.replace(split, manifest=split.manifest | {"replications": 9})
    for results in (levels, margins_alone, design, split, at_ends):
        assert TRIAL in text_of(results), results.folder
        assert answer_of(results).to_dict()["trial"] is True
        assert TRIAL in " ".join(headline(results).sentences)
    assert TRIAL in "\n".join(sim.compare(levels).sentences())
    assert set(sim.compare(levels).to_dict()[0].items()) >= {("worlds", 9)}
    for results, number in ((levels, 1), (design, 1), (at_ends, 12), (split, 6)):
        assert "A trial:" in as_bytes(QUESTIONS[number].draw(results, 0), "svg").decode()


def test_ten_worlds_are_no_trial(by_margin):
    assert TRIAL not in text_of(by_margin)
    assert answer_of(by_margin).to_dict()["trial"] is False
    assert "A trial" not in as_bytes(QUESTIONS[1].draw(by_margin, 0), "svg").decode()


def test_one_world_has_no_interval_of_undefined_ends(tmp_path):
    results = small_results(tmp_path / "run", 1, f"{HOURS}=5,20")
    answer = answer_of(results)
    cells = [cell for table in answer.tables() for row in table.rows for cell in row]
    assert "undefined" not in " ".join([*answer.sentences(), *cells])
    compared = "\n".join(sim.compare(results).sentences())
    assert "undefined" not in compared
    assert "p " not in compared.split("5 h/week", 1)[1]


@pytest.mark.parametrize(("value", "said"), [(0.0, "p < 0.001"), (0.0004, "p < 0.001"), (0.001, "p 0.001"), (0.04, "p 0.040")])
def test_a_p_value_is_never_said_to_be_zero(value, said):
    from sim.report.answers.comparison import _p_value  # noqa: PLC0415

    assert _p_value(value) == said


def test_precision_says_its_floor(tmp_path):
    results = sim.run(short(), precision=0.9, folder=tmp_path / "run")
    assert results.manifest["replications"] == 25
    assert "25 worlds per point are the fewest that --precision" in text_of(results)
    assert advice.is_single(results)
