"""docs/commands.md is what the commands say of themselves."""

from sim.cli.reference import REFERENCE, reference_markdown
from tests.places import ROOT


def test_the_reference_is_up_to_date():
    assert (ROOT / REFERENCE).read_text(encoding="utf-8") == reference_markdown(), "make docs"
