"""Where commands run worlds: into a folder, or into a temporary one that is gone afterwards."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sim.cli.console import progress_bar
from sim.cli.options import Asked, Lived
from sim.experiment.evaluations import OUTCOMES, Evaluations, Measure
from sim.experiment.evaluations import check_free as check_no_other
from sim.experiment.integrity import SEARCH
from sim.experiment.places import make
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.runner import Progress, execute
from sim.experiment.store import check_free, check_unlocked


@contextmanager
def executed(plan: Plan, folder: Path | None, asked: Asked, beside: Callable[[Path], None] | None = None) -> Iterator[Results]:
    """Run a plan into a folder, or into a temporary one that is gone afterwards; with what else belongs `beside` it."""
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sim-"))) / "run"
        with progress_bar(plan.name, asked.quiet) as progress:
            results = execute(
                plan,
                folder,
                workers=asked.workers,
                force=asked.force,
                seconds=asked.seconds,
                progress=progress,
                beside=beside,
            )
        yield results


def may_search(folder: Path | None, asked: Asked) -> None:
    """Check that a search may write to its folder; `searching` does, for what takes long before it to be asked first."""
    if folder is not None:
        check_free(folder, asked.force)
        check_unlocked(folder)


@contextmanager
def searching(folder: Path | None, asked: Asked, title: str) -> Iterator[tuple[Path, Evaluations, Progress]]:
    """Open a folder to search in, or a temporary one, and yield it with the worlds stored there and a progress callback."""
    may_search(folder, asked)
    place = _place(folder)
    with progress_bar(title, asked.quiet, of="scenarios") as bar, Evaluations(place / SEARCH, asked.workers) as evaluations:
        yield place, evaluations, bar or (lambda done, total: None)


def may_live(asked: Lived, made: Collection[str]) -> None:
    """Check that worlds and what is made of them can be stored in the folder, as `living` does."""
    if asked.folder is not None:
        check_no_other(asked.folder, made)


@contextmanager
def living(
    asked: Lived, made: Collection[str], title: str, measure: Measure = OUTCOMES
) -> Iterator[tuple[Path, Evaluations, Progress | None]]:
    """Open a folder for worlds and what is made of them, or a temporary one, and yield it with those worlds and a bar."""
    may_live(asked, made)
    place = _place(asked.folder)
    with progress_bar(title, asked.quiet) as bar, Evaluations(place / SEARCH, asked.workers, measure) as evaluations:
        yield place, evaluations, bar


def _place(folder: Path | None) -> Path:
    """Make the folder, or a temporary one that is deleted when the command ends."""
    place = folder
    if place is None:
        place = Path(tempfile.mkdtemp(prefix="sim-")) / "run"
        atexit.register(shutil.rmtree, place.parent, ignore_errors=True)
    make(place)
    return place
