"""The tour in docs/ and what a notebook begins with."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

import sim
from sim.experiment.columns import TABLES
from tests.small import small, small_results

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_tour_can_be_taken():
    tour = nbformat.read(DOCS / "tour.ipynb", as_version=4)
    assert all(not cell.outputs for cell in tour.cells if cell.cell_type == "code"), "kept without output"
    done = NotebookClient(tour, timeout=300, resources={"metadata": {"path": str(DOCS)}}).execute()
    shown = [cell.outputs for cell in done.cells if cell.cell_type == "code"]
    assert all(outputs and outputs[-1].output_type == "execute_result" for outputs in shown)


def test_five_lines_go_from_a_scenario_to_a_comparison():
    results = sim.sweep(small(), {"team.hours_per_week": [5, 10]}, replications=2)
    table = sim.compare(results).differences
    assert isinstance(table, pd.DataFrame)
    assert set(table["point"]) == {"10 h/week"}
    assert {"difference", "difference_low", "difference_high", "unit"} <= set(table)


def test_frames_carry_their_units(tmp_path):
    results = small_results(tmp_path / "run", 1)
    for name, columns in TABLES.items():
        frame = results.table(name)
        for column in columns:
            expected = column.unit.replace("currency", "EUR")
            assert frame.attrs["units"].get(column.name, "") == expected, (name, column.name)
    assert results.table("outcomes").attrs["units"]["net_return"] == "EUR"


def test_points_are_named_by_their_labels_as_far_as_these_differ(tmp_path):
    five, again = (small_results(tmp_path / name, 1, "team.hours_per_week=5") for name in ("a", "b"))
    ten = small_results(tmp_path / "c", 1, "team.hours_per_week=10")
    assert set(sim.compare(five, ten).differences["baseline"]) == {"5 h/week"}
    assert set(sim.compare(five, again).differences["baseline"]) == {"a: 5 h/week"}
