"""The tutorials, in their order and in one folder: each command is run as printed, and what is shown is what it prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

PAGES = sorted((ROOT / "docs/tutorials").glob("[1-9]-*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"Save this as `([\w.]+)`:\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "..."
SIM = Path(sys.executable).with_name("sim")


def lines_of(text):
    """The lines of a text, in which spaces count once."""
    return [" ".join(line.split()) for line in text.splitlines()]


def missing(shown, *printed):
    """Return the first shown line that is in none of the texts after those before it, as stdout and stderr share a screen."""
    left = [lines_of(text) for text in printed]
    for line in lines_of(shown):
        if line and line != LEFT_OUT:
            holder = next((number for number, lines in enumerate(left) if line in lines), None)
            if holder is None:
                return line
            left[holder] = left[holder][left[holder].index(line) + 1 :]
    return None


def run(*words, cwd):
    """Run a command to its end, which has to be a good one."""
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder in which somebody follows all the tutorials."""
    return tmp_path_factory.mktemp("tutorials")


def test_what_is_not_printed_or_out_of_order_is_found():
    assert missing("a  b\n...\nd\n", "a b\nc\nd\n") is None
    assert missing("d\na b\n", "a b\nc\nd\n") == "a b"
    assert missing("e\n", "a b\n") == "e"
    assert missing("hint\na\nhint 2\n", "a\n", "hint\nhint 2\n") is None
    assert missing("hint 2\na\nhint\n", "a\n", "hint\nhint 2\n") == "hint"


def test_the_tutorials_are_numbered_and_listed():
    listed = re.findall(r"^\d\. \[.*?\]\(([\w-]+\.md)\)", (ROOT / "docs/tutorials/README.md").read_text(encoding="utf-8"), re.M)
    assert listed == [page.name for page in PAGES]
    assert [page.name[0] for page in PAGES] == [str(number + 1) for number in range(len(PAGES))]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_print_what_the_tutorial_shows(page, folder):
    """As a reader does it: each command in a process of its own, with as many worlds as printed."""
    text = page.read_text(encoding="utf-8")
    for name, content in SAVED.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    printed = [""]
    for kind, block in BLOCK.findall(text):
        if kind == "text":
            assert missing(block, *printed) is None, printed
        elif kind == "python":
            printed = [run(sys.executable, "-c", block, cwd=folder).stdout]
        elif kind == "":
            assert all(line.startswith("sim ") for line in block.splitlines())
            done = [run(SIM, *shlex.split(line)[1:], cwd=folder) for line in block.splitlines()]
            printed = [stream for one in done for stream in (one.stdout, one.stderr)]
