"""The check of prose: it finds what sounds translated, leaves natural sentences alone, and finds nothing in the tree."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tests.places import ROOT

SPEC = spec_from_file_location("prose", ROOT / ".ci/prose.py")
prose = module_from_spec(SPEC)
sys.modules["prose"] = prose  # where its dataclass looks for it
SPEC.loader.exec_module(prose)

TRANSLATED = {
    'distributive "a"': ["Worlds a point", "40 hours a week return most", "a row a lead", "from 2 to 6 a month"],
    "is no X": ["'dealz' is no outcome", "these are no tested trip-wires", "this was no folder"],
    "translated verb": [
        "The same command goes on after a kill", "the split as it is", "its quotes are amiss", "each lives one world",
        "Whoever stops it", "the count stands beside it", "With the numbers as they are",
    ],
    "a thing that tells or brings": ["One world tells nothing", "it brings {net_return} in all", "what own exports tell"],
    "and so": ["the facts are few, and so the answer is wide"],
    "that ... that ... that": ["the share that a team that knows that much has"],
}  # fmt: skip
NATURAL = [
    "Replications per point (default: 30).", "40 hours per week return most on average.", "'dealz' is not an outcome",
    "There is no outcome of that name.", "It is no longer there.", "Run the same command again to continue.",
    "Keep today's split: none that was found returns more.", "One deal a year before the list was drawn up",
    "more worlds, more points and so on", "It shows that a model that learns is better.", "a quarter of an hour",
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TRANSLATED.items() for text in texts])
def test_what_sounds_translated_is_found(name, text):
    assert name in [rule.name for rule, _ in prose.found(text)]


def test_every_rule_has_an_example():
    assert {rule.name for rule in prose.EVERYWHERE} == set(TRANSLATED)


@pytest.mark.parametrize("text", NATURAL)
def test_natural_sentences_are_left_alone(text):
    assert [rule.name for rule, _ in prose.found(text)] == []


@pytest.mark.parametrize(
    "text", ["Of each member.", "Or the points themselves.", "Whether the advice holds.", "... and its own."]
)
def test_help_begins_with_a_verb_or_a_noun(text):
    assert [rule.name for rule, _ in prose.found(text, prose.HELP)] == ["help that begins with neither verb nor noun"]
    assert [*prose.found("Worlds to simulate per set of assumptions.", prose.HELP)] == []
    assert [*prose.found("How many customers do you have? Such as 150.", prose.HELP)] == []


def test_code_is_not_prose(tmp_path, monkeypatch):
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# Title\n```\nhours a week\n```\nSay `hours a week`, and\nhours\na week.\n", encoding="utf-8")
    texts = [*prose.of_markdown(page)]
    assert [words for _, text in texts for _, words in prose.found(text)] == ["Say `x`, and hours a week."]


def test_nothing_is_found_in_the_tree():
    assert [*prose.faults()] == []
