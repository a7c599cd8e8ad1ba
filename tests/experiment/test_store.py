import json
import signal

import pandas as pd
import pytest

from sim.experiment import ResultsError, read
from sim.experiment.arrow import to_arrow
from sim.experiment.columns import FIRST_WORLD_ONLY, TABLES, schema_markdown
from sim.experiment.store import Store, interrupted_later
from tests.places import ROOT
from tests.small import small_plan, small_results


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("store") / "run")


def test_tables_have_the_documented_columns_and_a_key(results):
    for name, columns in TABLES.items():
        frame = pd.read_parquet(results.folder / f"{name}.parquet")
        assert list(frame.columns) == [column.name for column in columns]
        assert set(frame["point"]) == {0, 1}
        assert set(frame["replication"]) == ({0} if name in FIRST_WORLD_ONLY else {0, 1, 2})
    assert len(results.table("outcomes")) == 6


def test_the_documentation_of_results_is_that_of_the_code():
    assert (ROOT / "docs" / "results-schema.md").read_text(encoding="utf-8") == schema_markdown()


def test_a_column_that_the_schema_lacks_is_refused():
    with pytest.raises(ValueError, match="surprise"):
        to_arrow("hours", {"point": [], "replication": [], "member": [], "activity": [], "hours": [], "surprise": []})


def test_a_folder_that_holds_anything_is_not_overwritten(tmp_path, results):
    manifest = small_plan().manifest()
    with pytest.raises(ResultsError, match="--force"):
        Store.create(results.folder, manifest)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("mine")
    with pytest.raises(ResultsError, match="other than results"):
        Store.create(tmp_path / "letters", manifest, force=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "mine"
    with pytest.raises(ResultsError, match="is a file"):
        Store.create(tmp_path / "letters" / "dear.txt", manifest)


def test_force_replaces_results(tmp_path):
    small_results(tmp_path / "run", 2)
    Store.create(tmp_path / "run", small_plan().manifest(), force=True).close()
    with pytest.raises(ResultsError, match="sim resume"):
        read(tmp_path / "run").table("outcomes")


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "damaged"), ("[]", "damaged"), ("{}", "damaged"), ('{"schema_version": 2, "points": []}', "schema version 2")],
)
def test_a_damaged_manifest_is_named(tmp_path, content, said):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ResultsError, match=said):
        read(tmp_path)


def test_folders_without_results_and_of_other_versions_are_refused(tmp_path, results):
    with pytest.raises(ResultsError, match="no result folder"):
        read(tmp_path)
    other = {**results.manifest, "schema_version": 99}
    (tmp_path / "manifest.json").write_text(json.dumps(other))
    with pytest.raises(ResultsError, match="version 99"):
        read(tmp_path)


def test_a_damaged_table_is_named(tmp_path):
    results = small_results(tmp_path / "run", 1)
    (tmp_path / "run" / "outcomes.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ResultsError, match=r"outcomes\.parquet: is not what was written"):
        results.table("outcomes")


def test_an_interrupt_waits_for_the_files_of_the_moment():
    """It comes once they are written, and finds the handler as it was."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with Ctrl-C ignored
    before, done = signal.getsignal(signal.SIGINT), []

    def write():
        with interrupted_later():
            signal.raise_signal(signal.SIGINT)
            done.append("written")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is before
    with interrupted_later():
        pass
