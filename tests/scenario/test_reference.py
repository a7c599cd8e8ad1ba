"""The reference holds what the schema says."""

from itertools import pairwise
from pathlib import Path

from sim.scenario.reference import REFERENCE, reference_markdown

ROOT = Path(__file__).parents[2]


def test_the_reference_in_docs_is_that_of_the_schema():
    written = (ROOT / REFERENCE).read_text(encoding="utf-8")
    assert written == reference_markdown(), "write it again: python -m sim.scenario.reference"


def test_a_field_is_told_with_default_unit_bounds_range_and_evidence():
    meaning = "hours per week that the whole team gives to social media"
    assert f"| `hours_per_week` | 10 | h/week | from 0 to 1000 | 0 to 40 | choice | {meaning} |" in reference_markdown()


def test_tables_have_as_many_cells_as_their_heads():
    lines = reference_markdown().splitlines()
    for before, line in pairwise(lines):
        if before.startswith("|") and line.startswith("|"):
            assert before.replace("\\|", "").count("|") == line.replace("\\|", "").count("|"), line
