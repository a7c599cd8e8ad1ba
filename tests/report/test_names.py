"""Frames name what they are about by ids; each id has words, and no words belong to an id that does not exist."""

import pytest

from sim.analysis import deals, detection, indirect, reviews
from sim.measures.attribution import MODELS
from sim.measures.truth import ANOTHER_NEED, CAUSED, LOST_BECAUSE
from sim.report import names

OVER_TIME = ("followers", "shortlist_share", "replied_in_time_share", "caused_without_touch", "retention")
IDS = {
    "CREDIT_MODELS": MODELS,
    "GIVES_CREDIT_TO": MODELS,
    "ESTIMATED": deals.ESTIMATED,
    "STEPS_OF_REVENUE": (deals.ZERO_HOURS, CAUSED, LOST_BECAUSE, ANOTHER_NEED, deals.STILL_OPEN, deals.WITH_HOURS),
    "METHODS": (detection.BEFORE_AND_AFTER, detection.PEER_GROUP, detection.HOLD_OUT, detection.ATTRIBUTION),
    "LOOKED_AT": (detection.LEADS, detection.DEALS, detection.REVENUE),
    "INDICATORS": detection.INDICATORS,
    "EFFECT_GROUPS": [one.group for one in indirect.EFFECTS],
    "EFFECTS": [one.column for one in indirect.EFFECTS],
    "EFFECTS_OVER_TIME": OVER_TIME,
    "PRICED": [one.priced for one in indirect.EFFECTS],
    "VISIBLE": [one.visible for one in indirect.EFFECTS],
    "FACTORS": reviews.FACTORS,
    "FACTORS_SHOW": reviews.FACTORS,
    "FACTOR_VALUES": [value for values in reviews.FACTORS.values() for value in values],
}


@pytest.mark.parametrize("vocabulary", IDS)
def test_each_id_has_words(vocabulary):
    assert set(getattr(names, vocabulary)) == set(IDS[vocabulary])
    assert all(getattr(names, vocabulary).values())
