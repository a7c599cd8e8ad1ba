"""Folders that results are to be written to: whether they can be made and written, seen before any work begins."""

import errno
import os
from pathlib import Path

from sim.experiment.errors import ResultsError


def make(folder: Path) -> None:
    """Make a folder, if it is not there.

    Raises
    ------
    ResultsError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error


def check_place(folder: Path) -> None:
    """Check that a folder is there or can be made, and can be written to.

    Raises
    ------
    ResultsError
        If not.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise ResultsError(f"{folder}: cannot be made, as {there} is a file; choose another folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ResultsError(f"{folder}: cannot be written to ({os.strerror(errno.EACCES)}); choose another folder")


def check_file(path: Path, force: bool, example: str) -> None:
    """Check that a file may be written, before anything is computed for it.

    Raises
    ------
    ResultsError
        If not.
    """
    if path.is_dir():
        raise ResultsError(f"{path}: is a folder; give a file, such as {path / example}")
    if not path.parent.is_dir():
        raise ResultsError(f"{path.parent}: no such folder; make it first")
    check_place(path.parent)
    if path.exists() and not force:
        raise ResultsError(f"{path}: exists already; choose another name, or --force to replace it")
