"""The Python API: each function has an example that works, and the reference of the docs is made from it."""

import datetime
import doctest
import inspect
import shutil

import click
import pytest

import sim
from sim.bench.families import Family
from sim.cli import backcast, options
from sim.cli.calibrate import calibrate
from sim.cli.main import COMMANDS, cli
from sim.experiment.errors import ResultsError
from sim.measures.trace import SEES
from sim.scenario import Scenario, apply
from sim.workflows import reference
from sim.workflows.checks import BAND_REPLICATIONS
from sim.workflows.options import REPLICATIONS, Counted, CountedOptions, Run, RunOptions, WorldOptions, Worlds
from sim.workflows.searches import levels_text
from tests.bench.conftest import SHORT
from tests.calibrate.test_leads import company, export
from tests.discovered import sets_file
from tests.places import ROOT
from tests.small import SMALL, small

FUNCTIONS = [name for name in sim.__all__ if name != "__version__"]
SLOW = {
    "ensemble", "survey", "backcast", "optimise", "plan", "sensitivity", "study", "warnings", "make_bench", "run_bench",
    "grade_bench",
}  # fmt: skip
DEALS = "deal,value,outcome\n" + "".join(f"{number},{20_000 + 1_500 * number},won\n" for number in range(30))
RENEWALS = "due_on,renewed\n" + "".join(
    f"2017-{1 + number % 12:02}-15,{'no' if number % 7 == 0 else 'yes'}\n" for number in range(60)
)
POSTS = "day,impressions,reaction,comment,share,click,followers\n" + "".join(
    f"2018-{1 + number // 28:02}-{1 + number % 28:02},{900 + 10 * number},{20 + number},3,4,9,{500 + number}\n"
    for number in range(50)
)
STAGES = "deal,marketing_qualified_on,sales_qualified_on,opportunity_on,proposal_on,won_on,lost_on\n" + "".join(
    f"{number},2017-01-{1 + number % 28:02},2017-02-15,2017-03-15,2017-04-15,2017-{6 + number % 6:02}-10,\n"
    if number % 3
    else f"{number},2017-01-{1 + number % 28:02},2017-02-15,,,,2017-05-10\n"
    for number in range(60)
)
MONTHS = "period,leads,deals\n" + "".join(f"2012-{month:02}-01,{20 + month},{3 + month % 3}\n" for month in range(1, 13))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder as the examples take it: scenarios, results, and a company's exports."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    shutil.copytree(ROOT / "results" / "reference", folder / "results" / "reference")
    sets_file(folder / "results" / "ensemble")
    text = (folder / "scenarios" / "first.yaml").read_text()
    smaller = text.replace("horizon_weeks: 156", "horizon_weeks: 60").replace("accounts: 2000", "accounts: 300")
    (folder / "scenarios" / "first.yaml").write_text(smaller.replace("customers: 100", "customers: 20"))
    export(folder / "leads.csv", company(1, leads=400))
    for name, content in {"deals": DEALS, "renewals": RENEWALS, "posts": POSTS, "stages": STAGES, "months": MONTHS}.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow) if one in SLOW else one for one in FUNCTIONS])
def test_the_example_of_a_function_works(place, monkeypatch, leave_questions, few_resamples, name):
    """A company's deals are solved on few worlds, which takes a minute else."""
    monkeypatch.chdir(place)
    monkeypatch.setattr("sim.experiment.company.FIRST", 2)
    monkeypatch.setattr("sim.experiment.company.MOST", 4)
    whole = Family.scenario
    monkeypatch.setattr(Family, "scenario", lambda family, hours: apply(whole(family, hours), SHORT))
    leave_questions(1, 4, 6, 9)
    function = getattr(sim, name)
    finder = doctest.DocTestFinder(recurse=False)
    (example,) = finder.find(function, name, globs={"sim": sim, "datetime": datetime})
    assert example.examples, f"sim.{name} has no example"
    said = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=said.append)
    assert not said, "".join(said)


def test_each_function_is_where_it_is_said_to_be_and_tab_completion_shows_it():
    assert set(dir(sim)) == set(sim.__all__)
    for name in FUNCTIONS:
        assert callable(getattr(sim, name))
    with pytest.raises(AttributeError, match="optimize"):
        _ = sim.optimize


def test_each_command_has_its_function():
    others = {"bench", "calibrate", "completion", "page", "report", "results", "scenario", "warn"}
    assert set(COMMANDS) - others <= set(FUNCTIONS)
    assert {f"calibrate_{name}" for name in calibrate.commands} | {"write_report", "export", "warnings", "run_bench"} <= set(
        FUNCTIONS
    )


def test_commands_and_functions_have_the_same_defaults():
    """They stand twice, as help must not wait for what functions import."""
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in set(COMMANDS) & set(FUNCTIONS)}
    commands |= {"warnings": cli.get_command(context, "warn")}
    commands |= {f"calibrate_{name}": command for name, command in calibrate.commands.items()}
    held = 0
    for name, command in commands.items():
        function = inspect.signature(getattr(sim, name)).parameters
        for option in command.params:
            if option.name in function and isinstance(option, click.Option) and isinstance(option.default, int | float | str):
                usual = function[option.name].default
                given = levels_text(usual) if option.name == "levels" else usual
                if given is not None and not isinstance(given, bool):
                    assert option.default == given, (name, option.name)
                    held += 1
    assert held >= 15
    assert (BAND_REPLICATIONS, REPLICATIONS) == (backcast.REPLICATIONS, options.REPLICATIONS)


def test_the_reference_is_up_to_date():
    assert (ROOT / reference.REFERENCE).read_text(encoding="utf-8") == reference.reference_markdown(), "make docs"


@pytest.mark.parametrize(("kind", "options"), [(Worlds, WorldOptions), (Counted, CountedOptions), (Run, RunOptions)])
def test_options_have_one_list_of_names(kind, options):
    assert set(kind.__dataclass_fields__) == set(options.__annotations__)


def test_an_option_that_there_is_not_is_named():
    with pytest.raises(TypeError, match="replication"):
        sim.run(small(), replication=2)


def test_a_mapping_says_the_same_as_texts(tmp_path):
    by_text = sim.sweep(small(), "team.hours_per_week=5:15:5", "sales.margin=0.4,0.5", replications=1)
    by_mapping = sim.sweep(small(), {"team.hours_per_week": range(5, 20, 5), "sales.margin": [0.4, 0.5]}, replications=1)
    assert by_text.labels == by_mapping.labels
    assert by_text.outcomes()["net_return"].tolist() == by_mapping.outcomes()["net_return"].tolist()
    sampled = [
        sim.sweep(small(), vary, design="lhs", samples=2, replications=1).labels
        for vary in ({"sales.margin": (0.3, 0.7)}, "sales.margin=0.3:0.7")
    ]
    assert sampled[0] == sampled[1]


@pytest.fixture(scope="module")
def held():
    return sim.sweep(small(), {"team.hours_per_week": [5, 10], "sales.margin": [0.4]}, replications=2)


def test_results_are_held_with_their_parameters(held):
    tidy = held.outcomes()
    assert len(tidy) == 4
    assert tidy["team.hours_per_week"].tolist() == [5, 5, 10, 10]
    assert tidy["sales.margin"].tolist() == [0.4] * 4
    assert tidy["net_return"].tolist() == held.table("outcomes")["net_return"].tolist()
    assert tidy.attrs["units"]["net_return"] == "EUR"
    assert held.levels()["hours_per_week"].tolist() == [5, 10]
    assert len(held.headline) >= 2


def test_a_question_gives_its_tables_and_its_figure(held):
    first = held.question(1)
    assert first.asked in first._repr_html_()
    assert first.tables()[0]["net_return"].tolist() == held.levels()["net_return"].tolist()
    assert first.figure().axes
    with pytest.raises(ResultsError, match="there is no question 99"):
        held.question(99)
    with pytest.raises(ResultsError, match="question 6"):
        held.question(6)
    with pytest.raises(ResultsError, match="there is no point 7"):
        held.question(1, point=7)


def test_a_notebook_shows_results_and_answers_as_tables(held):
    for shown in (held, sim.compare(held), held.answer()):
        html = shown._repr_html_()
        assert "<table" in html
        assert "<script" not in html
    assert held.headline[0][:20] in held._repr_html_()


def test_what_is_temporary_is_gone_with_the_results():
    results = sim.run(small(), replications=1)
    folder = results.folder
    assert folder.is_dir()
    del results
    assert not folder.parent.exists()


def test_an_account_is_followed_on_channels_of_the_user_s_own():
    """The twin has other channels: nobody is there, so nothing is seen on them."""
    scenario = Scenario.model_validate({**SMALL, "channels": {"podcast": {"users": 0.9}, "blog": {"users": 0.9}}})
    answers = [sim.trace(scenario, account) for account in range(12)]
    seen = {channel for one in answers for event in one.trace.events if event.kind == SEES for channel in event.detail["posts"]}
    assert seen <= {"podcast", "blog"}
    assert "podcast" in seen
