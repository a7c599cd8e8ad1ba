"""Run a tool world by world: each sees a copy of the data alone; what is finished is kept, what fails is counted."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame
from sim.bench.contract import ANSWER, read_answer
from sim.bench.tools import DATA, OUT, Tool
from sim.bench.worlds import WORLDS, read_truth
from sim.experiment.errors import ResultsError
from sim.experiment.runner import Progress
from sim.experiment.sealed import write_json

TOOLS, ABOUT = "tools", "tool.json"
DONE, FAILED = "done", "failed"


def run(folder: Path, tool: Tool, python: str, *, timeout: float, force: bool, progress: Progress | None = None) -> Frame:
    """Run a tool on the worlds that it is made for and has not answered yet; a row per world: how that went.

    Raises
    ------
    ResultsError
        If an answer is against the contract, or answers of another version of the tool are there.
    """
    truth = read_truth(folder)
    place = folder / TOOLS / tool.name
    if force:
        shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    _check_same(place, tool)
    measures = truth[truth["pattern"].isin(tool.patterns)].groupby("world")["measure"].agg(tuple)
    for number, (world, mine) in enumerate(measures.items()):
        if not (place / f"{world}.json").is_file():
            _run_one(folder, tool, python, str(world), mine, timeout)
        if progress is not None:
            progress(number + 1, len(measures))
    return statuses(folder, tool.name)


def tools_run(folder: Path) -> list[str]:
    """Return the names of the tools that have answered, in the order of the alphabet."""
    return sorted(path.parent.name for path in (folder / TOOLS).glob(f"*/{ABOUT}"))


def about(folder: Path, name: str) -> dict[str, Any]:
    """Return what is kept of a tool: its title and the packages of its environment."""
    said: dict[str, Any] = json.loads((folder / TOOLS / name / ABOUT).read_text(encoding="utf-8"))
    return said


def statuses(folder: Path, name: str) -> Frame:
    """Return a row per world that a tool was run on: done or failed, seconds, and what it said last if it failed."""
    found = [
        {"tool": name, "world": path.stem, **json.loads(path.read_text(encoding="utf-8"))}
        for path in sorted((folder / TOOLS / name).glob("[0-9]*.json"))
    ]
    return pd.DataFrame(found, columns=["tool", "world", "status", "seconds", "said"])


def answers(folder: Path, name: str) -> Frame:
    """Return all that a tool has answered: a row per world, method, measure and channel."""
    done = statuses(folder, name)
    measures = read_truth(folder).groupby("world")["measure"].agg(tuple)
    place = folder / TOOLS / name
    read = [read_answer(place / f"{world}.csv", world, measures[world]) for world in done.loc[done["status"] == DONE, "world"]]
    found = pd.concat(read, ignore_index=True) if read else pd.DataFrame(columns=list(ANSWER))
    return found.assign(tool=name)


def _check_same(place: Path, tool: Tool) -> None:
    path = place / ABOUT
    said: dict[str, Any] = {"title": tool.title, "packages": list(tool.packages), "digest": tool.digest}
    if path.is_file() and json.loads(path.read_text(encoding="utf-8"))["digest"] != tool.digest:
        raise ResultsError(f"{place}: holds answers of another version or command of {tool.name}; repeat with --force")
    write_json(path, said)


def _run_one(folder: Path, tool: Tool, python: str, world: str, measures: tuple[str, ...], timeout: float) -> None:
    """Run a tool on a world in a folder of its own, from which it finds no way to the truth; keep its answer."""
    place = folder / TOOLS / tool.name
    with tempfile.TemporaryDirectory(prefix="sim-bench-") as name:
        data, out = Path(name) / "data", Path(name) / "answer.csv"
        shutil.copytree(folder / WORLDS / world, data)
        fill = {"{python}": python, DATA: str(data), OUT: str(out)}
        words = [_filled(word, fill) for word in tool.command]
        begun = time.monotonic()
        said = _called(words, Path(name), timeout, is_apart=tool.is_installed_apart)
        seconds = round(time.monotonic() - begun, 1)
        if said is None:
            try:
                read_answer(out, world, measures)
            except ResultsError as error:
                raise ResultsError(f"{tool.name}, world {world}: {str(error).replace(name + os.sep, '')}") from None
            shutil.copyfile(out, place / f"{world}.csv")
    status = {"status": DONE if said is None else FAILED, "seconds": seconds, "said": said or ""}
    write_json(place / f"{world}.json", status)  # last: what has this file is finished


def _filled(word: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        word = word.replace(name, value)
    return word


def _called(words: list[str], place: Path, timeout: float, *, is_apart: bool) -> str | None:
    """Call a command; nothing if it ended well, else what it said last.

    Raises
    ------
    ResultsError
        If there is no such command.
    """
    compiled = Path(words[0]).parents[1] / "compiled" if is_apart else place / "compiled"  # of the environment: made once
    around = {**os.environ, "MPLBACKEND": "Agg", "PYTENSOR_FLAGS": f"base_compiledir={compiled}"}
    if is_apart:
        around["PYTHONPATH"] = ""
    try:
        done = subprocess.run(words, cwd=place, env=around, capture_output=True, text=True, timeout=timeout, check=False)
    except OSError as error:
        raise ResultsError(f"{words[0]}: cannot be run ({error.strerror})") from error
    except subprocess.TimeoutExpired:
        return f"took more than {timeout:g} seconds"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return (lines[-1] if lines else f"ended with {done.returncode}")[:200]
