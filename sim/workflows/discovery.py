"""Find where, among all that cannot be chosen, a condition on outcomes holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from sim.analysis.discovery.cases import SETS_FILE, Cases, OfPoints, OfSets
from sim.analysis.discovery.conditions import condition
from sim.analysis.discovery.fresh import discover as search
from sim.experiment import results as stored
from sim.experiment.manifest import MANIFEST
from sim.report.answers import discovery
from sim.report.figures import discovery as figure
from sim.report.figures.alt import alt_text
from sim.report.figures.canvas import shown_on
from sim.report.figures.style import save_described
from sim.report.html.markup import html_figure
from sim.workflows.charts import SIZES, check_picture
from sim.workflows.options import Folder
from sim.workflows.results import ResultsLike


@dataclass(frozen=True)
class Discovered(discovery.Discovered):
    """Answer where a condition holds; a notebook shows its figure too."""

    def figure(self) -> Figure:
        """Draw the boxes, and the shares in which the condition holds."""
        return figure.draw(self.found)

    def save(self, file: Folder, *, size: str = "page", force: bool = False) -> Path:
        """Write the figure, as PNG, SVG or PDF by the name of the file; `size` is `page`, or `phone`.

        Raises
        ------
        ResultsError
            If it is another kind of file, is there already, or cannot be written.
        """
        path = check_picture(Path(file), force)
        with shown_on(SIZES[size]):
            drawn = self.figure()
            save_described(drawn, path, alt_text(drawn, has_table=False))
        return path

    def _repr_html_(self) -> str:
        return html_figure(self.figure()) + super()._repr_html_()


def discover(results: ResultsLike, when: str | None = None, *, over: Sequence[str] = ()) -> Discovered:
    """Find where, among all that cannot be chosen, a condition on outcomes holds.

    Boxes (PRIM) and a small tree (CART) are found on one half of the rows and worlds, and judged by the other half.

    Parameters
    ----------
    results
        Results of a design over ranges, or their folder; or the folder of an ensemble, whose rows are its sets of assumptions.
    when
        The condition: `"every level loses"` (if not given), `"10 hours suffice"`, `"10 hours return 80% of the best"`, or an
        outcome on one side of a number, such as `"net_return_expected < 0"` or `"net_return at 10 > 50000"`. Where hours
        differ from row to row, the usual condition is that net return is below zero.
    over
        Paths of the parameters that boxes may restrict; by default all that vary, without decisions.

    Raises
    ------
    ResultsError
        If there are too few rows or worlds, nothing varies that boxes may restrict, or the condition cannot be told from the
        results; it is said before anything is searched.

    Examples
    --------
    >>> answer = sim.discover("results/ensemble", "10 hours suffice")
    >>> answer.to_dict()["verdict"]
    'found'
    """
    asked = None if when is None else condition(when)
    return Discovered(search(_cases(results, tuple(over)), asked))


def _cases(results: ResultsLike, over: tuple[str, ...]) -> Cases:
    """Take the points of results, or the sets of an ensemble."""
    if isinstance(results, stored.Results):
        return OfPoints(results, over)
    folder = Path(results)
    if (folder / SETS_FILE).is_file() and not (folder / MANIFEST).is_file():
        return OfSets(folder, over)
    return OfPoints(stored.read(folder), over)
