"""Whatever stands in a file or an override, the answer is a scenario or a ScenarioError that can be shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, apply, load, load_tagged
from sim.scenario.describe import describe, to_yaml
from sim.scenario.errors import MOST_LISTED

FIRST = (Path(__file__).parents[2] / "scenarios" / "first.yaml").read_text(encoding="utf-8")
FRAGMENTS = st.sampled_from(
    [
        "",
        " ",
        "\n",
        ":",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        "'",
        '"',
        "&a ",
        "*a",
        "!!int ",
        "? ",
        "| ",
        "> ",
        "%",
        "@",
        "---\n",
        "null",
        "~",
        "yes",
        "true",
        "-1",
        "0",
        "1e308",
        "1e999",
        ".nan",
        ".inf",
        "0x1F",
        "2012-02-30",
        "9" * 40,
        "\t",
        "\x00",
        "\ufeff",
        "\u2028",
        "\U0001f600",
        "low: 1",
        "{low: 0.1, likely: 0.2, high: 0.3}",
        "{low: 3, likely: 2, high: 1}",
        "median: 2",
        "mean: 1",
        "p90: 0",
        "extends: a.yaml\n",
        "extends: ../b.yaml\n",
        "name: y\n",
        '"\\ud800"',
        '"\\UFFFFFFFF"',
        "<<: {a: 1}",
        "team:",
        "[key]",
        "share: 1",
        "<",
    ]
)


def outcome(call: Callable[[], Any]) -> Any:
    """What a call returns, or the ScenarioError that it raises."""
    try:
        return call()
    except ScenarioError as error:
        return error


@st.composite
def mutated(draw) -> str:
    text = FIRST
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(FRAGMENTS) + text[at + draw(st.integers(0, 12)) :]
    return text


@given(mutated())
@settings(max_examples=60, deadline=None)
def test_a_mutated_file_loads_or_is_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "a.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    found = outcome(lambda: load_tagged(path))
    if isinstance(found, ScenarioError):
        lines = str(found).encode("utf-8").split(b"\n")
        assert all(line.startswith((str(path).encode(), b"and ")) for line in lines)
        assert len(lines) == min(len(found.further) + 1, MOST_LISTED + 1)
    else:
        assert describe(found)
        assert Scenario.model_validate(found.scenario.model_dump()) == found.scenario


@given(st.binary(max_size=60))
def test_any_bytes_load_or_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.yaml"
    path.write_bytes(content)
    found = outcome(lambda: load(path))
    assert isinstance(found, ScenarioError) or b"name" in content


PATHS = st.sampled_from(
    [
        "name",
        "time.start",
        "time.horizon_weeks",
        "team.hours_per_week",
        "team.members",
        "team.members.a",
        "team.split",
        "content.formats.raw",
        "channels",
        "channels.network",
        "channels.network.engagement_mix.share",
        "calendar.weekdays",
        "sales.cycle_weeks",
        "sales.cycle_weeks.p90",
        "sales.stages.proposal",
        "dialogue.kinds.comment.priority",
        "market.roles.user.weight",
        "",
        ".",
        "a..b",
        "team.",
        "team.x",
        "channels.new",
        "[key]",
    ]
)
SIMPLE = st.none() | st.booleans() | st.integers(-5, 60) | st.floats(allow_nan=True) | st.text(max_size=5) | st.dates()
VALUES = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["low", "likely", "high", "median", "mean", "share", "reach", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(PATHS, VALUES, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_any_value_is_applied_or_refused(values):
    found = outcome(lambda: apply(Scenario(name="x"), values))
    if isinstance(found, ScenarioError):
        assert str(found).count("\n") == min(len(found.further), MOST_LISTED)
    else:
        assert "name:" in to_yaml(found)
