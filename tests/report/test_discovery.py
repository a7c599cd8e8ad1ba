"""Where a condition holds: boxes that are known, pure noise, luck that all points share, and what is said of them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.discovery import boxes, fresh
from sim.analysis.discovery.boxes import Restriction
from sim.analysis.discovery.cases import OfPoints, OfSets
from sim.analysis.discovery.conditions import Loses, Side, Suffices, condition
from sim.experiment.errors import ResultsError
from sim.experiment.statistics import share
from sim.report.figures.canvas import PHONE, WIDE, shown_on
from sim.report.html import report
from sim.report.questions import QUESTIONS, answerable, q12_inputs
from sim.report.text.translation import LANGUAGES, told_in
from sim.workflows.discovery import Discovered
from tests.discovered import COST, MARGIN, NEEDS, lived, sets_file
from tests.report.test_phone import faults, written  # noqa: F401  # a fixture
from tests.tables import drawn_by_lot

pytestmark = pytest.mark.xdist_group("report")

SEEDS = range(20)
ENOUGH = 18  # of these seeds
BELOW_ZERO = Side("net_return_expected", "<", 0.0)


@dataclass(frozen=True)
class Rows:
    """Rows that are made up: columns of parameters, and values of shape (rows, levels, worlds)."""

    columns: dict
    made: np.ndarray
    hours: tuple = (10.0,)
    usual: str = "net_return_expected"
    option: str = "--samples"
    folder: Path = Path("made")
    name: str = "made"

    @property
    def count(self):
        return len(self.made)

    @property
    def worlds(self):
        return self.made.shape[2]

    @property
    def has_own_worlds(self):
        return self.worlds == 1

    def values(self, _):
        return self.made

    def again(self, _):
        return None


def uniform(rows, parameters, seed):
    rng = np.random.default_rng(seed)
    unit = rng.random((rows, parameters))
    return rng, unit, {f"x{place}": unit[:, place] for place in range(parameters)}


def known(rows, seed):
    """A fifth of all rows is a box in which 95 % are cases; outside 5 % are."""
    rng, unit, columns = uniform(rows, 5, seed)
    within = (unit[:, 0] > 0.2) & (unit[:, 0] < 0.6) & (unit[:, 1] > 0.5)
    return columns, rng.random(rows) < np.where(within, 0.95, 0.05)


def of_cases(columns, cases):
    return Rows(columns, np.where(cases, -1.0, 1.0)[:, np.newaxis, np.newaxis])


def noise(seed, worlds=1):
    """Three in ten rows are cases, whatever their ten parameters are."""
    rng, _, columns = uniform(200, 10, seed)
    return Rows(columns, rng.normal(0.5244, 1.0, (200, 1, worlds)))


def test_a_known_box_is_found_with_its_limits():
    """Null: its limits are 0.2, 0.6 and 0.5. Each is met within 0.06, and nothing else is restricted, in 18 of 20 seeds."""
    met = 0
    for seed in SEEDS:
        found = fresh.discover(of_cases(*known(800, seed)), BELOW_ZERO).found
        box = dict(found[0].box) if found else {}
        met += (
            box.keys() == {"x0", "x1"}
            and [box["x0"].low, box["x0"].high, box["x1"].low] == pytest.approx([0.2, 0.6, 0.5], abs=0.06)
            and box["x1"].limits == ("low",)
        )
    assert met >= ENOUGH


def test_its_share_afresh_is_that_of_the_box():
    """Null: 95 % of the rows in the box are cases. Intervals of 90 % hold that in 14 of 20 seeds at least (p = 0.01)."""
    found = [fresh.discover(of_cases(*known(800, seed)), BELOW_ZERO).found[0] for seed in SEEDS]
    assert sum(one.density.of.low <= 0.95 * 0.97 <= one.density.of.high for one in found) >= 14  # a limit is met but nearly
    assert np.mean([one.searched.density for one in found]) > np.mean([one.density.of.value for one in found]), "fits its luck"


@pytest.mark.parametrize("worlds", [1, 8])
def test_nothing_is_found_in_noise(worlds):
    """Null: no parameter matters. Nothing is found in 18 of 20 seeds."""
    verdicts = [fresh.discover(noise(seed, worlds), BELOW_ZERO).verdict for seed in SEEDS]
    assert verdicts.count("nothing") >= ENOUGH


def test_what_holds_for_searched_rows_alone_is_not_found():
    columns, cases = known(400, 1)
    order = np.random.default_rng(fresh.SPLIT_SEED).permutation(400)
    judging = order[200:]
    cases[judging] = np.random.default_rng(5).random(200) < cases.mean()
    found = fresh.discover(of_cases(columns, cases), BELOW_ZERO)
    assert (found.verdict, found.found, found.leaves) == ("nothing", (), ())
    assert found.tried.searched.density > 0.7
    assert found.tried.density.of.low <= found.tried.base.of.value
    text = " ".join(Discovered(found).sentences())
    assert "No box is beyond chance. The search's own held" in text
    assert "most where" not in text


def test_worlds_that_all_points_share_widen_intervals():
    """All points rise or fall together, so that rows alone would show next to no luck."""
    rng, _, columns = uniform(200, 3, 1)
    luck = rng.normal(0.0, 1.0, (1, 1, 8))
    found = fresh.discover(Rows(columns, luck - luck.mean() + rng.normal(0.0, 1.0, (200, 1, 1))), BELOW_ZERO)
    by_rows = share(found.overall.cases, 200)
    assert found.overall.of.high - found.overall.of.low > 2.0 * (by_rows.high - by_rows.low)
    assert found.luck.of.value < 0.9


def test_own_worlds_have_the_interval_of_their_rows():
    found = fresh.discover(of_cases(*known(400, 1)), BELOW_ZERO)
    assert found.overall.of == share(found.overall.cases, 400)


def test_peeling_goes_the_way_of_the_reference():
    """The steps of EMA workbench 3.0.0 on the same data, with its limits and quasi-p-values after 27 of them."""
    rng, unit, columns = uniform(400, 5, 0)
    within = (unit[:, 0] > 0.2) & (unit[:, 0] < 0.6) & (unit[:, 1] > 0.5)
    cases = rng.random(400) < np.where(within, 0.95, 0.05)
    steps = boxes.peel(columns, cases)
    rows = [round(400 * one.support) for one in steps[:28]]
    assert rows == [400, 380, 361, 342, 324, 307, 291, 276, 262, 248, 235, 223, 211, 200, 190, 180, 171, 162, 153, 145, 137,
                    130, 123, 116, 110, 104, 98, 93]  # fmt: skip
    assert round(88 * steps[27].coverage) == 73
    box = steps[27].box
    assert [box["x0"].low, box["x0"].high, box["x1"].low] == pytest.approx(
        [0.181003006129356, 0.653693984704933, 0.4851671505890197], rel=1e-12
    )
    quasi = {(one.path, one.limit): one.quasi_p for one in boxes.limits(box, columns, cases)}
    assert quasi == {
        ("x0", "low"): pytest.approx(2.6408086501897356e-05),
        ("x0", "high"): pytest.approx(3.77002441265683e-09),
        ("x1", "low"): pytest.approx(3.2734937696282533e-13),
    }


def test_boxes_restrict_values_that_are_no_numbers():
    rng, unit, columns = uniform(400, 2, 1)
    kinds = np.array(["a", "b", "c"], dtype=object)[rng.integers(0, 3, 400)]
    cases = (kinds == "b") & (unit[:, 0] > 0.3)
    found = fresh.discover(of_cases({**columns, "kind": kinds}, cases), BELOW_ZERO)
    assert found.found[0].box["kind"].kept == ("b",)
    assert found.found[0].box["x0"].low == pytest.approx(0.3, abs=0.05)
    assert [one.density.of.value for one in found.leaves].count(1.0) == 1


def test_what_is_left_is_searched_for_another_box():
    _, unit, columns = uniform(800, 3, 2)
    cases = (unit[:, 0] < 0.25) | (unit[:, 1] > 0.9)
    first, second = fresh.discover(of_cases(columns, cases), BELOW_ZERO).found[:2]
    assert first.box["x0"] == Restriction("x0", high=pytest.approx(0.25, abs=0.02))
    assert second.box["x1"].low == pytest.approx(0.9, abs=0.02)
    assert second.base.rows < first.base.rows


def test_conditions_are_read():
    assert condition("Every level loses") == Loses()
    assert condition("10 hours suffice") == condition("10 h suffices") == Suffices(10.0, 0.9)
    assert condition("12.5 hours return 80% of the best") == Suffices(12.5, 0.8)
    assert condition("net_return at 10 h/week >= 5,000") == Side("net_return", ">=", 5_000.0, 10.0)
    assert condition("cost<1e5") == Side("cost", "<", 1e5)
    for wrong in ("", "10 hours", "profit", "10 hours return 0% of the best", "10 hours return 101% of the best", "a < b"):
        with pytest.raises(ResultsError, match="--when"):
            condition(wrong)


def test_conditions_hold_where_they_should():
    returns = np.array([[-1.0, -2.0], [9.0, 10.0], [8.0, 10.0], [0.0, -1.0], [5.0, -5.0]])
    hours = (10.0, 40.0)
    assert Loses().holds(returns, hours).tolist() == [True, False, False, False, False]
    assert Suffices(10.0).holds(returns, hours).tolist() == [False, True, False, False, True]
    assert Side("net_return", ">", 8.0, 40.0).holds(returns, hours).tolist() == [False, True, True, False, False]


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    return sets_file(tmp_path_factory.mktemp("discovery") / "sets")


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    return lived(tmp_path_factory.mktemp("discovery") / "design")


@pytest.fixture(scope="module")
def with_hours(tmp_path_factory):
    return lived(tmp_path_factory.mktemp("discovery") / "hours", "team.hours_per_week=5:40", "content.formats.raw.mix=0.1:0.5")


def test_sets_in_which_every_level_loses(sets):
    answer = sim.discover(sets)
    said, first = answer.to_dict(), answer.found.found[0]
    assert first.box.keys() == {MARGIN, NEEDS}
    assert first.box[MARGIN].high == pytest.approx(0.4, abs=0.03)
    text = list(answer.sentences())
    assert re.fullmatch(r"“every level loses” holds in 25 % \(21 % to 29 %\) of 300 sets of assumptions\.", text[0])
    assert re.search(r"where market.* and sales\.margin is 0\.4\d* or less: in 90 % \(78 % to 96 %\) of 31 fresh sets", text[1])
    assert said["verdict"] == "found"
    assert {"density", "coverage", "support"} <= said["boxes"][0]["searched"].keys()
    assert all(0.0 <= value < 0.05 for one in said["boxes"][0]["restrictions"] for value in one["quasi_p"].values())
    assert said["luck"]["rows"] == 50, "the sets that lived a second world"
    json.dumps(said["boxes"])


def test_sets_in_which_ten_hours_suffice(sets):
    found = sim.discover(sets, "10 hours suffice").found
    assert found.found[0].box["has_effect"].kept == ("True",)
    assert "effects.good_post" not in found.cases.columns, "it is settled where there is no effect"
    assert "effects.good_post" in sim.discover(sets, over=["effects.good_post", MARGIN]).found.cases.columns


def test_points_in_which_every_level_loses(design):
    answer = sim.discover(design)
    box = answer.found.found[0].box
    assert box.keys() == {MARGIN, COST}
    assert (box[MARGIN].high, box[COST].low) == (pytest.approx(0.4, abs=0.03), pytest.approx(50.0, abs=3.0))
    assert next(iter(answer.sentences())).startswith("Only 8 worlds were run. That is a trial")


def test_decisions_are_restricted_only_where_they_are_named(with_hours):
    asked = sim.discover(with_hours)
    assert asked.found.condition == Side("net_return_expected", "<", 0.0), "as there is one level only at each point"
    assert {*asked.found.cases.columns} == {MARGIN, COST}
    named = sim.discover(with_hours, over=["team.hours_per_week", MARGIN])
    assert {*named.found.cases.columns} == {MARGIN, "team.hours_per_week"}
    with pytest.raises(ResultsError, match="hours differ from combination to combination"):
        sim.discover(with_hours, "every level loses")
    with pytest.raises(ResultsError, match=r"did you mean sales\.margin"):
        sim.discover(with_hours, over=["sale.margin"])


def test_points_alike_in_all_but_hours_are_one_row(tmp_path):
    made = drawn_by_lot(tmp_path / "run", ("team.hours_per_week=10,40", "sales.margin=0.1:0.9:0.02"), None, 4)
    cases = OfPoints(made)
    assert (cases.count, cases.hours) == (41, (10.0, 40.0))
    values = cases.values(None)
    outcomes = made.table("outcomes")
    margins = [one["settings"]["sales.margin"] for one in made.manifest["points"]]
    place = next(point for point, one in enumerate(made.manifest["points"]) if one["label"] == "40 h/week, margin 0.5")
    row = int(np.flatnonzero(np.isclose(cases.columns[MARGIN], margins[place]))[0])
    expected = outcomes[outcomes["point"] == place]["net_return_expected"].tolist()
    assert values[row, 1].tolist() == expected
    with pytest.raises(ResultsError, match="say at which"):
        sim.discover(made, "net_return < 0")
    with pytest.raises(ResultsError, match="no results at 20 hours"):
        sim.discover(made, "20 hours suffice")


@pytest.mark.parametrize(("asked", "verdict", "said"), [
    ("net_return_expected < 1e9", "always", "holds in all 200 combinations, so there is nothing"),
    ("net_return_expected > 1e9", "never", "holds in none of 200 combinations, so there is nothing"),
])  # fmt: skip
def test_a_condition_that_always_or_never_holds(design, asked, verdict, said):
    answer = sim.discover(design, asked)
    assert answer.to_dict()["verdict"] == verdict
    assert said in " ".join(answer.sentences())
    assert list(answer.tables()) == []
    answer.figure()


def test_a_condition_that_hardly_ever_holds():
    columns, _ = known(400, 1)
    cases = np.zeros(400, dtype=bool)
    cases[:6] = True
    found = fresh.discover(of_cases(columns, cases), BELOW_ZERO)
    assert found.verdict == "rare"
    assert "Too few of them differ to say where" in " ".join(Discovered(found).sentences())


def unread(*_, **__):
    raise AssertionError("nothing is read before it is clear that there is enough")


def test_too_few_rows_or_worlds_are_refused_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.results.Results.table", unread)
    few = drawn_by_lot(tmp_path / "few", ("sales.margin=0.1:0.9",), 39, 8)
    with pytest.raises(ResultsError, match=r"39 combinations .* too few .* take 40 at least, better 200 \(--samples\)"):
        sim.discover(few)
    thin = drawn_by_lot(tmp_path / "thin", ("sales.margin=0.1:0.9",), 40, 3)
    with pytest.raises(ResultsError, match=r"share 3 worlds.*sim resume .*thin --replications 8"):
        sim.discover(thin)
    with pytest.raises(ResultsError, match=r"39 combinations .*--members"):
        sim.discover(sets_file(tmp_path / "sets", sets=39))


def test_a_file_of_sets_that_is_none_is_refused(sets, tmp_path):
    text = (sets / "members.csv").read_text(encoding="utf-8")
    (tmp_path / "members.csv").write_text(text.replace("has_effect", "had_effect", 1), encoding="utf-8")
    with pytest.raises(ResultsError, match="is not a file of sets"):
        sim.discover(tmp_path)
    frame = pd.read_csv(sets / "members.csv")
    frame[MARGIN] = "low"
    frame.to_csv(tmp_path / "members.csv", index=False)
    with pytest.raises(ResultsError, match="something else than numbers"):
        sim.discover(tmp_path)
    (tmp_path / "members.csv").write_text("", encoding="utf-8")
    with pytest.raises(ResultsError, match="cannot be read"):
        sim.discover(tmp_path)
    with pytest.raises(ResultsError, match="did you mean net_return"):
        sim.discover(sets, "net_retrun at 10 < 0")


def test_question_12_shows_the_boxes_of_a_design(design, tmp_path, monkeypatch):
    assert QUESTIONS[12] in answerable(design)
    main, limits = QUESTIONS[12].tables(design, 0)
    monkeypatch.setattr(q12_inputs, "discover", None)  # the picture takes what the tables found
    QUESTIONS[12].draw(design, 0)
    assert "It does so most where sales.margin is" in main.caption
    assert limits.frame["parameter"].tolist() == [MARGIN, COST]
    few = drawn_by_lot(tmp_path / "few", ("sales.margin=0.1:0.9",), 20, 8)
    assert QUESTIONS[12] not in answerable(few)


def test_the_report_of_a_design_has_its_boxes(tmp_path, leave_questions):
    made = drawn_by_lot(tmp_path / "run", (f"{MARGIN}=0.1:0.9", f"{COST}=30:90"), 40, 4)
    leave_questions(1, 12)
    report.write([made], tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert re.search(r"“every level loses” holds in", page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("when", ["every level loses", "10 hours suffice", "net_return at 10 > 1e9"])
def test_the_figure_can_be_read(sets, when, place, language, written):  # noqa: F811
    with told_in(language), shown_on(place):
        figure = sim.discover(sets, when).figure()
        found = [one for one in faults(figure, written) if place is PHONE or not one.startswith("small")]
    assert found == []


def test_the_figure_is_written_with_its_description(sets, tmp_path):
    path = sim.discover(sets).save(tmp_path / "when.svg")
    assert "Where most often: every level loses" in path.read_text(encoding="utf-8")
    with pytest.raises(ResultsError, match="exists"):
        sim.discover(sets).save(path)


def test_of_sets_says_what_its_levels_are(sets):
    assert OfSets(sets).hours == (10.0, 40.0)
