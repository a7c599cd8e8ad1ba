"""Grade what claims to measure marketing: attribution models world by world, and any tool on a bench of worlds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from sim.analysis.credit import to_social
from sim.bench import running
from sim.bench.environments import python_of
from sim.bench.families import families
from sim.bench.families import patterns as known_patterns
from sim.bench.tools import Tool
from sim.bench.worlds import make, read_truth
from sim.experiment.backends import HERE, Workers
from sim.experiment.errors import ResultsError
from sim.experiment.places import check_place
from sim.experiment.runner import Progress
from sim.report.answers.bench import Graded
from sim.report.answers.credited import Credited
from sim.report.html.sheet import write
from sim.workflows.options import SEED, Folder
from sim.workflows.results import ResultsLike, stored_in


def credit(results: ResultsLike, *, point: int = 0, share: Literal["touched", "all"] = "touched") -> Credited:
    """Return what each attribution model credits to social media, world by world, beside the truth.

    Parameters
    ----------
    results
        Results or their folder.
    point
        Number of the point, from 0.
    share
        Among which sources Markov shares a deal out: those of its own journey (`touched`), as everywhere in this program, or
        `all`, as ChannelAttribution does. The other models share each deal among its own sources.

    Raises
    ------
    ResultsError
        If the results are not finished, or have no such point.

    Examples
    --------
    >>> sim.credit("results/reference", share="all").frame.columns[:3].tolist()
    ['replication', 'truth', 'first_touch']
    """
    read = stored_in(results)
    if not 0 <= point < len(read.labels):
        raise ResultsError(f"--point {point}: there is no such point; they are 0 to {len(read.labels) - 1}")
    return Credited(to_social(read, point, share), share, read.labels[point], read.currency)


def make_bench(
    folder: Folder,
    *,
    hours: float = 20.0,
    replications: int = 1,
    seed: int = SEED,
    patterns: Sequence[str] = (),
    workers: Workers = HERE,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Make the worlds of the bench: thirty families, each in so many worlds, with the truth apart.

    Parameters
    ----------
    folder
        Where to; what is finished there is kept.
    hours
        Per week; each world is also run at twice as many, to know what that decision returns.
    replications
        Worlds per family.
    seed
        Of the first family; each has a seed of its own, one more than that before it.
    patterns
        Make these patterns of hours alone, such as `switched_on`; by default all.
    workers, progress
        Who computes, and who is told how many families are finished.

    Returns
    -------
    DataFrame
        The truth: a row per world and measure.

    Raises
    ------
    ResultsError
        If the folder holds other worlds, or a pattern is unknown.

    Examples
    --------
    >>> truth = sim.make_bench("results/bench", patterns=["groups"])
    >>> len(truth)
    6
    """
    place = Path(folder)
    check_place(place)
    unknown = [name for name in patterns if name not in known_patterns()]
    if unknown:
        raise ResultsError(f"--pattern {unknown[0]}: there is no such pattern; there are {', '.join(known_patterns())}")
    chosen = [family for family in families() if not patterns or family.pattern in patterns]
    return make(place, chosen, replications, hours, seed, workers=workers, progress=progress)


def grade_bench(folder: Folder) -> Graded:
    """Grade what the tools have answered so far, and write the page and its tables.

    Raises
    ------
    ResultsError
        If there are no worlds, or no tool has answered.

    Examples
    --------
    >>> from sim.bench.tools import tool
    >>> truth = sim.make_bench("results/bench", patterns=["groups"])
    >>> graded = sim.run_bench("results/bench", tool("own"))
    >>> sim.grade_bench("results/bench").grades["method"][0]
    'hold-out test'
    """
    place = Path(folder)
    truth = read_truth(place)
    ran = running.tools_run(place)
    if not ran:
        raise ResultsError(f"{place}: no tool has answered yet; run one: sim bench --tool own {place}")
    titles = {name: str(running.about(place, name)["title"]) for name in ran}
    answers = pd.concat([running.answers(place, name) for name in ran], ignore_index=True)
    statuses = pd.concat([running.statuses(place, name) for name in ran], ignore_index=True)
    graded = Graded(truth, answers, statuses, titles)
    write(graded.sheet(), place)
    (place / "tables.md").write_text(graded.markdown(), encoding="utf-8")
    return graded


def run_bench(
    folder: Folder, tool: Tool, *, install: bool = False, timeout: float = 1800.0, force: bool = False,
    progress: Progress | None = None,
) -> Graded:  # fmt: skip
    """Run a tool on the worlds that it is made for, and grade all tools that have answered.

    Parameters
    ----------
    folder
        Where `make_bench` put the worlds; answers are kept there, too.
    tool
        `sim.bench.tools.tool("channelattribution")`, or `tool_of_command` for your own.
    install
        Make the environment of the tool, if it is not there.
    timeout
        Seconds for a world, after which the tool has failed on it.
    force
        Forget what it has answered before.
    progress
        Who is told how many worlds are finished.

    Raises
    ------
    ResultsError
        If the tool is not installed or answers against the contract.

    Examples
    --------
    >>> from sim.bench.tools import tool
    >>> truth = sim.make_bench("results/bench", patterns=["groups"])
    >>> graded = sim.run_bench("results/bench", tool("own"))
    >>> len(graded.worlds)
    6
    """
    place = Path(folder)
    read_truth(place)
    home = (place / "environments" / tool.name).absolute()
    running.run(place, tool, python_of(tool, home, install=install), timeout=timeout, force=force, progress=progress)
    return grade_bench(place)
