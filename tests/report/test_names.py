"""Frames name what they are about by ids; each id has words, and no words belong to an id that does not exist."""

import pytest

from sim.analysis import deals, detection, indirect, reviews
from sim.analysis.comparison import COMPARED
from sim.calibrate.backcast import BY_NAME, NOT_COMPARED
from sim.experiment.early_signs import SIGNS
from sim.experiment.survey import READINGS, STUDY
from sim.measures.attribution import MODELS
from sim.measures.causal_effects import ANOTHER_NEED, CAUSED, LABELS, LOST_BECAUSE
from sim.measures.trace import BOTH, WITH, WITHOUT
from sim.model.crises import CONTAINED, SOFTENED, UNCONTAINED
from sim.report.text import vocabulary

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
    "EARLY_SIGNS": SIGNS,
    "SERIES": BY_NAME,
    "VERDICTS": ("inside", "above", "below", NOT_COMPARED),
    "COMPARED": COMPARED,
    "SURVEYED": [one.name for one in STUDY],
    "READINGS": READINGS,
    "WORLDS": (WITH, WITHOUT, BOTH),
    "CRISES": (CONTAINED, SOFTENED, UNCONTAINED),
    "BECAME": LABELS,
    "FACTOR_VALUES": [value for values in reviews.FACTORS.values() for value in values],
}


@pytest.mark.parametrize("name", IDS)
def test_each_id_has_words(name):
    assert set(getattr(vocabulary, name)) == set(IDS[name])
    assert all(getattr(vocabulary, name).values())


def test_figures_of_the_study_are_named_as_they_are():
    assert {one.name: one.said for one in STUDY} == vocabulary.SURVEYED
