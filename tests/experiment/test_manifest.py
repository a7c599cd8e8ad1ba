"""The manifest, the timing and what is kept beside tables: whoever edits them is found out, by whichever reader comes first."""

import json
import shutil

import pytest

from sim.experiment import ResultsError, read, resume
from sim.experiment.checksums import checksum
from sim.experiment.integrity import faults
from sim.experiment.sealed import SEAL, BrokenSealError, read_sealed, write_sealed
from tests.small import small_results


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    small_results(folder, 2)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "run")
    return tmp_path / "run"


def edited(folder, change, *, is_sealed_again=False):
    """Change the manifest by hand; or by someone who knows how it is sealed, in which case checksums are made to fit too."""
    path = folder / "manifest.json"
    said = json.loads(path.read_text())
    change(said)
    if not is_sealed_again:
        path.write_text(json.dumps(said))
        return
    said.pop(SEAL)
    write_sealed(path, said)
    sums = json.loads((folder / "checksums.json").read_text())
    (folder / "checksums.json").write_text(json.dumps(sums | {"manifest.json": checksum(path)}))


EDITS = {
    "a point removed": lambda said: said["points"].pop(),
    "another seed": lambda said: said.update(seed=8),
    "a seed that is text": lambda said: said.update(seed="abc"),
    "a section gone": lambda said: said["points"][0]["scenario"].pop("market"),
    "more replications": lambda said: said.update(replications=10**9),
    "points of another kind": lambda said: said.update(points=[1, 2]),
    "a name that turns the text": lambda said: said.update(name="a\u202eb"),
}


@pytest.mark.parametrize("reader", [read, resume])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found(copy, edit, reader):
    edited(copy, EDITS[edit])
    with pytest.raises(ResultsError, match=r"manifest\.json: damaged \(not what was written\); give back the file"):
        reader(copy)


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ("a seed that is text", "seed"),
        ("more replications", "replications"),
        ("points of another kind", r"points\.0"),
        ("a name that turns the text", "name"),
    ],
)
def test_what_a_manifest_cannot_say_is_placed(copy, edit, place):
    edited(copy, EDITS[edit], is_sealed_again=True)
    with pytest.raises(ResultsError, match=rf"manifest\.json: damaged at {place}"):
        read(copy)


def test_one_from_before_there_were_seals_is_read_if_checksums_fit(copy):
    """As the folder's own checksums tell whether it has changed; they do not if it is not finished."""
    path = copy / "manifest.json"
    said = json.loads(path.read_text())
    del said[SEAL]
    path.write_text(json.dumps(said, indent=1))
    with pytest.raises(ResultsError, match=r"manifest\.json: is not what was written"):
        read(copy)
    sums = json.loads((copy / "checksums.json").read_text())
    (copy / "checksums.json").write_text(json.dumps(sums | {"manifest.json": checksum(path)}))
    assert read(copy).manifest == said
    (copy / "checksums.json").unlink()
    with pytest.raises(ResultsError, match="has no checksum, as an earlier version wrote it, or as it was changed"):
        read(copy)


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"outcomes.parquet": 3}', '{"outcomes.parquet": "00"}'])
def test_checksums_that_are_none_are_said_to_be_damaged(copy, content):
    """And what is advised then helps."""
    (copy / "checksums.json").write_text(content)
    with pytest.raises(ResultsError, match=r"checksums\.json: damaged; remove it, and sim resume"):
        read(copy)
    (copy / "checksums.json").unlink()
    assert resume(copy).is_finished


@pytest.mark.parametrize("content", ["{", "[1]", '{"versions": 3}', '{"begun": "x"}'])
def test_a_timing_that_is_none_is_named_and_taken_away(copy, content):
    (copy / "timing.json").write_text(content)
    assert read(copy).timing == {}
    assert [fault.path.name for fault in faults(read(copy)) if fault.is_damage] == ["timing.json"]
    resume(copy)
    assert faults(read(copy)) == []


def test_a_seal_is_of_the_content_and_not_of_its_spacing(tmp_path):
    path = tmp_path / "a.json"
    write_sealed(path, {"b": 1.5, "a": ["é", None]})
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said), encoding="utf-8")
    assert read_sealed(path) == ({"b": 1.5, "a": ["é", None]}, True)
    path.write_text(json.dumps(said | {"b": 1.6}), encoding="utf-8")
    with pytest.raises(BrokenSealError):
        read_sealed(path)
