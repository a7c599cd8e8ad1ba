"""The glossary: one term per thing, in all languages, and the document made from it."""

import pytest

from sim.report.text.glossary import DOCUMENT, GROUPS, TERMS, explained, glossary_markdown
from sim.report.text.translation import LANGUAGES, say, told_in
from tests.places import ROOT


def test_the_document_is_up_to_date():
    assert (ROOT / DOCUMENT).read_text(encoding="utf-8") == glossary_markdown(), "make docs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_term_per_thing(language):
    with told_in(language):
        names = [name for term in TERMS.values() for name in {say(term.name), say(term.also)} - {""}]
        meanings = [explained(key) for key in TERMS]
    assert len(names) == len(set(names))
    assert len(meanings) == len(set(meanings)) == sum(map(len, GROUPS.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meaning_is_a_sentence_or_two(language):
    with told_in(language):
        for key in TERMS:
            meaning = explained(key)
            assert meaning[0].isupper()
            assert meaning.endswith(".")
            assert len(meaning.split()) <= 35, key


def test_what_the_issue_asks_for_is_in_it():
    with told_in("fr"):
        known = {say(name) for term in TERMS.values() for name in (term.name, term.also)}
    assert {"retour net", "jumeau", "contrefactuel", "réplication", "demi-largeur", "EVPI", "EVPPI", "EVSI"} <= known
