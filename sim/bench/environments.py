"""An environment of its own for each tool: a virtual environment with the versions that its adapter names."""

import shlex
import subprocess
import sys
from pathlib import Path

from sim.bench.tools import Tool
from sim.experiment.errors import ResultsError

DONE = "installed.txt"  # written last, so that half an environment is made anew


def python_of(tool: Tool, folder: Path, *, install: bool) -> str:
    """Return the Python that runs a tool; of an environment in the folder, which is made if `install`.

    Raises
    ------
    ResultsError
        If it is not installed, with the commands that install it; or if it cannot be.
    """
    if not tool.is_installed_apart:
        return sys.executable
    inside = folder / "bin" / "python"
    if (folder / DONE).is_file() and (folder / DONE).read_text(encoding="utf-8") == _asked(tool):
        return str(inside)
    make = [sys.executable, "-m", "venv", "--clear", str(folder)]
    fill = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *tool.packages]
    if not install:
        raise ResultsError(
            f"{tool.name}: is not installed; repeat the command with --install, which runs: {shlex.join(make)} &&"
            f" {shlex.join(fill)}"
        )
    for words in (make, fill):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ResultsError(f"{tool.name}: could not be installed ({_last(done.stderr)}); tried: {shlex.join(words)}")
    (folder / DONE).write_text(_asked(tool), encoding="utf-8")
    return str(inside)


def _asked(tool: Tool) -> str:
    return "\n".join(tool.packages)


def _last(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason given")
