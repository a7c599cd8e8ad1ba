"""Results with a flipped byte: no command makes anything of them."""

import shutil

import pytest

from tests.experiment.test_integrity import flip
from tests.small import small_results


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "run"
    small_results(folder)
    return folder


COMMANDS = [
    ("report", "run", "-o", "made.html"),
    ("plot", "run", "-o", "made"),
    ("compare", "run"),
    ("results", "show", "run"),
    ("results", "export", "run", "--format", "csv", "-o", "made"),
    ("results", "export", "run", "--format", "duckdb", "-o", "made"),
    ("results", "export", "run", "--for", "attribution", "-o", "made"),
    ("results", "verify", "run"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_reads_a_damaged_table(sound, tmp_path, told, words):
    shutil.copytree(sound, tmp_path / "run")
    for table in ("outcomes", "deals", "touches"):
        flip(tmp_path / "run" / f"{table}.parquet", 0.6)
    done = told(*words, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert ".parquet: is not what was written" in done.stdout + done.stderr
    assert "sim resume" in done.stderr
    assert not list(tmp_path.glob("made*"))
