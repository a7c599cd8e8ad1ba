"""Removal effects of deals and of their value, and deals shared among all sources: by hand, and where models differ."""

import pytest

from sim.measures.attribution import Lead, markov_among_all, removal_effects

SOCIAL, SEARCH = "organic_social", "organic_search"


def lead(*sources, value=0.0):
    return Lead(0, 0, tuple(enumerate(sources)), sources[-1], value > 0.0, value)


def test_removal_effects_of_deals_and_of_value_are_those_by_hand():
    """One deal of 30 by social alone, one of 10 by search alone, one lead lost by search.

    A journey begins with search with 2/3 and is then won with 1/2. Without social half of the deals are left, and 10 of 40.
    """
    found = [lead(SOCIAL, value=30.0), lead(SEARCH, value=10.0), lead(SEARCH)]
    assert removal_effects(found) == pytest.approx({SOCIAL: 0.5, SEARCH: 0.5}, rel=1e-12)
    assert removal_effects(found, of_value=True) == pytest.approx({SOCIAL: 0.75, SEARCH: 0.25}, rel=1e-12)


def test_effects_are_the_same_where_all_deals_are_worth_the_same():
    found = [lead(SOCIAL, SEARCH, value=7.0), lead(SEARCH, SOCIAL, SEARCH), lead(SOCIAL, value=7.0)]
    assert removal_effects(found, of_value=True) == pytest.approx(removal_effects(found), rel=1e-12)


def test_every_deal_is_shared_among_all_sources():
    assert markov_among_all({SOCIAL: 0.75, SEARCH: 0.5}) == pytest.approx({SOCIAL: 0.6, SEARCH: 0.4})
    assert markov_among_all({SOCIAL: 0.0}) == {}


def test_no_deal_has_no_effect():
    assert removal_effects([lead(SOCIAL)], of_value=True) == {SOCIAL: 0.0}
