"""Reading YAML: what comes out, and everything that is refused."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, yaml
from sim.scenario.yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, dotted, read, read_text


def test_scalars_are_those_of_yaml_1_2():
    text = "[1, -2, 0o17, 0x1F, 1.5, 1e3, .5, true, False, null, ~, yes, no, on, 1_000, '3', 2012-01-02, 1:30]"
    assert read_text(text).data == [
        1, -2, 15, 31, 1.5, 1000.0, 0.5, True, False, None, None, "yes", "no", "on", "1_000", "3", dt.date(2012, 1, 2), "1:30",
    ]  # fmt: skip


def test_types_are_kept_apart():
    assert [type(value) for value in read_text("[1, 1.0, true, '1']").data] == [int, float, bool, str]


def test_lines_are_known_by_key_path():
    text = read_text("a: 1\nb:\n  c: {d: 2,\n    e: 3}\n  f:\n    - 4\n    - g: 5\n")
    assert text.lines == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", "d"): 3, ("b", "c", "e"): 4,
        ("b", "f"): 5, ("b", "f", 0): 6, ("b", "f", 1): 7, ("b", "f", 1, "g"): 7,
    }  # fmt: skip
    assert text.data == {"a": 1, "b": {"c": {"d": 2, "e": 3}, "f": [4, {"g": 5}]}}


REFUSED = [
    ("tag", "a: 1\nb: !!int 3", "f.yaml:2: b: a tag (tag:yaml.org,2002:int) is not allowed; remove it"),
    ("python tag", "a: !!python/object:os.system x", "f.yaml:1: a: a tag (tag:yaml.org,2002:python/object:os.system) is not"),
    ("bare tag", "a: ! 3", "f.yaml:1: a: a tag (!) is not allowed"),
    ("anchor", "a: &x 1", "f.yaml:1: a: an anchor (&x) is not allowed; write the value out"),
    ("alias", "a: 1\nb: *x", "f.yaml:2: b: an alias (*x) is not allowed; write the value out"),
    ("duplicate", "a: 1\nb: {c: 1,\n c: 2}", "f.yaml:3: b: 'c' is given twice; keep one; the first is on line 2"),
    ("number as key", "a:\n  1: 2", "f.yaml:2: a: the key '1' is not text; write it in quotes"),
    ("boolean as key", "true: 2", "f.yaml:1: the key 'true' is not text"),
    ("list as key", "? [a]\n: 2", "f.yaml:1: a key is not text"),
    ("NaN", "a: {b: .nan}", "f.yaml:1: a.b: .nan is not a number to compute with; give a finite one"),
    ("infinity", "a: [1, -.inf]", "f.yaml:1: a.1: -.inf is not a number to compute with"),
    ("overflow", "a: 1e999", "f.yaml:1: a: 1e999 is not a number to compute with"),
    ("digits", f"a: {'9' * 5000}", "f.yaml:1: a: a number of 5000 digits; at most 30 are read"),
    ("hexadecimal digits", f"a: 0x{'f' * 5000}", "f.yaml:1: a: a number of 5002 digits"),
    ("date", "a: 2012-02-30", "f.yaml:1: a: 2012-02-30 is not a date; write year-month-day, as 2012-01-02"),
    ("documents", "--- a\n--- b", "f.yaml:2: a second document begins; a file holds one"),
    ("version", "%YAML 1.1\n---\na: 1", "directives are not allowed; remove the line that begins with %"),
    ("later version", "%YAML 1.9\n---\na: 1", "f.yaml:1: not YAML: version minor part"),
    ("tag directive", "%TAG ! tag:x,2000:\n---\na: 1", "directives are not allowed"),
    ("colon", "a: 1\nb: c: d", "f.yaml:2: not YAML: mapping values are not allowed here; look for a missing colon"),
    ("bracket", "a: [1\n", "f.yaml:2: not YAML: expected ',' or ']'"),
    ("quote", "a: 'x", "f.yaml:1: not YAML: found unexpected end of stream"),
    ("tab", "a:\n\t- b", "f.yaml:2: not YAML: found character '\\t'"),
    ("control character", "a: 1\nb: \x07", "f.yaml:2: not YAML: special characters are not allowed"),
    ("escape past the last character", 'a: "\\UFFFFFFFF"', "f.yaml:1: not YAML: "),
    ("surrogate", 'a: "\\ud800"', "f.yaml:1: a: half of a surrogate pair is not a character"),
    ("deep", "[" * 100_000, f"nested more than {MAX_DEPTH} deep"),
    ("deep mapping", "{a: " * 100_000, f"nested more than {MAX_DEPTH} deep"),
]


@pytest.mark.parametrize(("text", "fragment"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_could_surprise_is_refused(text, fragment):
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "f.yaml")
    assert fragment in str(caught.value)


def test_more_values_than_allowed_are_refused(monkeypatch):
    assert MAX_NODES <= 100_000, "so many take seconds to read"
    monkeypatch.setattr(yaml, "MAX_NODES", 1_000)
    assert len(read_text(f"[{'1,' * 999}]").data) == 999
    with pytest.raises(ScenarioError, match="more than 1,000 values"):
        read_text(f"[{'1,' * 1_000}]", "f.yaml")


def test_as_deep_as_allowed_is_read():
    assert read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH).data != []


FILES = [
    ("empty", b"", "there is nothing in it; give at least `name: ...`"),
    ("only a comment", b"# nothing\n", "there is nothing in it"),
    ("list", b"- a\n", "file.yaml:1: the top is not a mapping"),
    ("text", b"hello", "file.yaml:1: the top is not a mapping"),
    ("binary", b"a: 1\nb: \xff\xfe\x00", "file.yaml:2: this is not UTF-8 text; save it as UTF-8"),
    ("null byte", b"a: 1\nb: \x00", "file.yaml:2: not YAML"),
    ("large", b"#" * (MAX_BYTES + 1), f"larger than {MAX_BYTES:,} bytes"),
]


@pytest.mark.parametrize(("content", "fragment"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_files_that_are_no_scenario_are_refused(tmp_path, content, fragment):
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read(path)
    assert fragment in str(caught.value)


def test_a_file_of_the_largest_size_is_read(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: 1 #".ljust(MAX_BYTES, b"x"))
    assert read(path).data == {"a": 1}


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xc3\xa9\r\n")
    text = read(path)
    assert text.data == {"a": 1, "b": "é"}
    assert text.lines[("b",)] == 2


def test_a_missing_file_is_named_with_a_similar_one(tmp_path):
    (tmp_path / "first.yaml").touch()
    with pytest.raises(ScenarioError, match=r"frist\.yaml: no such file; did you mean .*first\.yaml\?"):
        read(tmp_path / "frist.yaml")
    with pytest.raises(ScenarioError, match="no such file; there is no folder"):
        read(tmp_path / "gone" / "first.yaml")
    with pytest.raises(ScenarioError, match="no such file; check the name"):
        read(tmp_path / "something_else.yaml")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="this is a folder; name a YAML file in it"):
        read(tmp_path)


def test_a_path_that_no_file_can_have_is_refused():
    with pytest.raises(ScenarioError, match="it cannot be read"):
        read("a\0b")
    with pytest.raises(ScenarioError, match="it cannot be read"):
        read("a" * 5000)


def test_paths_are_written_on_one_line():
    assert dotted(("channels", "a\nb", 0)) == "channels.'a\\nb'.0"
    assert len(dotted(("x" * 100_000,))) < 300


@given(st.text(st.sampled_from("{}[]:,-?&*!|>%@`'\"#\\ \n\tau8x0.9e~"), max_size=80))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text):
    try:
        lines = read_text(text).lines
    except ScenarioError:
        return
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
