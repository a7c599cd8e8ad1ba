"""What is said of a run whose workers died: the command that goes on."""

from pathlib import Path

import pytest

from sim.experiment import RunError
from sim.workflows.results import resumable

DIED = "3 workers died one after the other at 5, perhaps for want of memory; fewer --workers need less"
FULL = "run: the disk is full; continue with: sim resume run"  # which names the command already


@pytest.mark.parametrize(
    ("folder", "said", "told"),
    [
        (Path("run"), DIED, f"{DIED}; finished work is kept; continue with: sim resume run"),
        (None, DIED, DIED),
        (Path("run"), FULL, FULL),
    ],
)
def test_the_command_that_goes_on_is_named_once_where_there_is_a_folder(folder, said, told):
    with pytest.raises(RunError) as caught, resumable(folder):
        raise RunError(said)
    assert str(caught.value) == told
