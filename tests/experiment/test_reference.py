"""A back test: the shipped scenario at 10 hours gives the result that is kept. How to write it anew: results/README.md."""

import pandas as pd
import pytest

from sim.experiment import read
from sim.experiment.columns import TABLES
from sim.experiment.runner import replicate
from sim.scenario import load
from tests.places import ROOT, SCENARIOS


@pytest.fixture(scope="module")
def anew():
    return replicate((load(SCENARIOS / "hours_10.yaml"),), 1, 0)


@pytest.mark.parametrize("table", TABLES)
def test_the_reference_result_comes_out_again(anew, table):
    """To 1e-9: other processors round other last bits."""
    kept = read(ROOT / "results" / "reference").table(table)
    found = pd.DataFrame(anew[table])[list(kept.columns)].astype(kept.dtypes.to_dict())
    pd.testing.assert_frame_equal(found, kept, rtol=1e-9, atol=1e-9)


def test_the_reference_is_that_of_the_scenario_as_it_stands():
    kept = read(ROOT / "results" / "reference").manifest["points"][0]["scenario_hash"]
    assert kept == load(SCENARIOS / "hours_10.yaml").content_hash()
