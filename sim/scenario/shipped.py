"""Scenarios and studies that come with the package, found by name wherever one is."""

import re
from itertools import takewhile
from pathlib import Path
from typing import Final

FOLDER: Final = "scenarios"
STUDIES: Final = "studies"


def shipped_folder() -> Path:
    """Return the folder of what is shipped: within the installed package, or beside it in a source tree."""
    package = Path(__file__).parents[1]
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent / FOLDER


def shipped(kind: str = "") -> dict[str, Path]:
    """Return the files that are shipped, by name: scenarios, or those of a subfolder such as `studies`."""
    return {path.stem: path for path in sorted((shipped_folder() / kind).glob("*.yaml"))}


def found(file: Path, kind: str = "") -> Path:
    """Return a file that is there; else what is shipped under its name, such as `hours` or `scenarios/studies/hours.yaml`."""
    if file.exists() or "\0" in str(file):
        return file
    if file.name == str(file) and not file.suffix:
        return shipped(kind).get(file.name, file)
    if file.parts[:1] == (FOLDER,) and ".." not in file.parts:
        there = shipped_folder().joinpath(*file.parts[1:])
        return there if there.is_file() else file
    return file


def purpose_of(file: Path) -> str:
    """Return what a shipped file is for: the first sentence of the comment that it opens with."""
    lines = takewhile(lambda line: line.startswith("#"), file.read_text(encoding="utf-8").splitlines())
    comment = " ".join(line.removeprefix("#").strip() for line in lines)
    return re.split(r"(?<=[.?!]) ", comment, maxsplit=1)[0]
