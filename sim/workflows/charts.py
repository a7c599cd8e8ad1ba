"""Draw any outcome of results against any parameter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.charts.numbers import FRAMES
from sim.analysis.charts.request import Asked, Request, request
from sim.experiment.combined import CombinedResults, together
from sim.experiment.errors import ResultsError
from sim.experiment.places import check_file, make
from sim.remarks import remark
from sim.report.figures.alt import alt_text
from sim.report.figures.canvas import PHONE, WIDE, shown_on
from sim.report.figures.charts.compose import compose
from sim.report.figures.charts.marks import Drawing
from sim.report.figures.charts.paint import paint
from sim.report.figures.style import FORMATS, save_described
from sim.report.html import chart_page
from sim.report.html.markup import html_figure, safe_csv
from sim.report.text.translation import spoken, told_in
from sim.workflows.options import Folder
from sim.workflows.results import ResultsLike, all_stored

SIZES = {"page": WIDE, "phone": PHONE}
MOST_LETTERS = 120  # of the name of a file


@dataclass(frozen=True)
class Chart:
    """A chart of results: its numbers, and how it is drawn. A notebook shows it as it is.

    Attributes
    ----------
    request
        What is drawn, every choice made.
    language
        Of what is written in it.
    size
        `page`, or `phone` for a narrow screen.
    """

    request: Request
    language: str
    size: str = "page"

    @property
    def kind(self) -> str:
        """The kind of chart, as asked for or chosen."""
        return self.request.kind

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The numbers behind it, with every interval."""
        return FRAMES[self.kind](self.request)

    @cached_property
    def drawing(self) -> Drawing:
        """What it consists of."""
        with told_in(self.language):
            return compose(self.request, self.frame)

    def figure(self) -> Figure:
        """Draw it as a figure of matplotlib."""
        with told_in(self.language), shown_on(SIZES[self.size]):
            return paint(self.drawing)

    @property
    def described(self) -> str:
        """Say in words what it shows, for those who cannot see it: what is drawn against what, and how to read it."""
        with told_in(self.language):
            return f"{alt_text(self.figure(), has_table=False)} {self.drawing.note}".strip()

    def save(self, file: Folder, *, force: bool = False) -> Path:
        """Write the picture, as PNG, SVG or PDF by the name of the file; the description is in it.

        Raises
        ------
        ResultsError
            If it is another kind of file, is there already, or cannot be written.
        """
        path = check_picture(Path(file), force)
        with told_in(self.language), shown_on(SIZES[self.size]):
            figure = paint(self.drawing)
            save_described(figure, path, f"{alt_text(figure, has_table=False)} {self.drawing.note}")
        return path

    def save_table(self, file: Folder, *, force: bool = False) -> Path:
        """Write the numbers behind it as CSV.

        Raises
        ------
        ResultsError
            If the file is there already, or cannot be written.
        """
        path = check_ending(Path(file), ("csv",), "--table", force)
        safe_csv(self.frame, path)
        return path

    def save_interactive(self, file: Folder, *, force: bool = False) -> Path:
        """Write a page to point at and to zoom: one HTML file that needs no network.

        Raises
        ------
        ResultsError
            If Plotly is not installed, the file is there already, or it cannot be written.
        """
        path = check_ending(Path(file), ("html",), "--interactive", force)
        with told_in(self.language):
            chart_page.write(self.drawing, path, self.described)
        return path

    def _repr_html_(self) -> str:
        with told_in(self.language):
            return html_figure(self.figure())


def plot_outcome(
    results: ResultsLike | Sequence[ResultsLike],
    y: str | Sequence[str] = (),
    x: str | Sequence[str] = (),
    *,
    by: str | None = None,
    kind: str | None = None,
    against: str | None = "twin",
    lowest: bool = False,
    language: str | None = None,
) -> Chart:
    """Draw any outcome of results against any parameter.

    Parameters
    ----------
    results
        Results or their folder; or several, which are drawn side by side and need the same seed and replications. The name of
        a folder is then the parameter `case`.
    y
        Columns of outcomes, a panel each; or of weeks or quarters, which are drawn over time. By default the expected net
        return.
    x
        A parameter by its path, or the end of it; `label` for the points by name; several for `pairs` and `parallel`; or an
        outcome, for `scatter`.
    by
        A second parameter: a line or a colour for each value, or the upright axis of `heat` and `contour`.
    kind
        `line`, `heat`, `contour`, `scatter`, `box`, `hist`, `ecdf`, `time`, `pairs`, `parallel`, `tornado`, `sobol`, `history`
        or `importance`; by default one that fits.
    against
        `"twin"`: an outcome that the zero-hours twin has, too, is drawn as its difference, world by world. The label of a
        point: as the difference from that point. None: as it is.
    lowest
        The best is the lowest.
    language
        `en` or `fr`; by default the one that is spoken, English in a notebook.

    Returns
    -------
    Chart
        With its numbers (`frame`), and `figure`, `save`, `save_table` and `save_interactive`. A notebook shows it.

    Raises
    ------
    ResultsError
        If the results lack something that is asked for, or the kind cannot show it; it is said before any work.

    Examples
    --------
    >>> chart = sim.plot_outcome("results/reference", "net_return_expected")
    >>> chart.kind
    'hist'
    >>> chart.save("net_return.svg").name
    'net_return.svg'
    """
    return chart_of(
        results,
        x=_names(x),
        y=_names(y),
        by=by,
        kind=kind,
        baseline=None if against in (None, "twin") else against,
        absolute=against is None,
        lowest=lowest,
        language=language,
    )


def chart_of(results: ResultsLike | Sequence[ResultsLike], *, language: str | None = None, **asked: Any) -> Chart:
    """Make a chart of what is asked for, as `sim.analysis.charts.request.Asked` has it.

    Raises
    ------
    ResultsError
        If the results lack something that is asked for, or the kind cannot show it.
    """
    return Chart(request(together(all_stored(results)), Asked(**asked)), language or spoken())


@dataclass(frozen=True)
class Files:
    """Files to write a chart to.

    Attributes
    ----------
    picture, table, page
        Files for the picture, the numbers behind it and the page to point at; those that are None are not written.
    force
        Replace files that are there.
    """

    picture: Path | None = None
    table: Path | None = None
    page: Path | None = None
    force: bool = False

    def check(self) -> None:
        """Check that all can be written, before any work.

        Raises
        ------
        ResultsError
            If not.
        """
        for path, endings, option in (
            (self.picture, FORMATS, "-o"),
            (self.table, ("csv",), "--table"),
            (self.page, ("html",), "--interactive"),
        ):
            if path is not None:
                check_ending(path, endings, option, self.force)
        if self.page is not None:
            chart_page.check_installed()


def write_chart(chart: Chart, files: Files, form: str = "png") -> list[Path]:
    """Write a chart to some files, all of which are checked first; by default to `figures` of the results.

    Raises
    ------
    ResultsError
        If one of them cannot be written.
    """
    if files.picture is None and files.table is None and files.page is None:
        files = _usual(chart, form)
    files.check()
    written = []
    if files.picture is not None:
        written.append(chart.save(files.picture, force=True))
    if files.table is not None:
        written.append(chart.save_table(files.table, force=True))
    if files.page is not None:
        written.append(chart.save_interactive(files.page, force=True))
    return written


def _usual(chart: Chart, form: str) -> Files:
    """Return where a chart goes if nothing is said: it is named after what it shows."""
    asked = chart.request
    if isinstance(asked.results, CombinedResults):
        raise ResultsError(
            remark("a picture of several results belongs to none of their folders; give a file for it: -o FILE.png")
        )
    folder = asked.results.folder / "figures"
    make(folder)
    shown = [*(one.name for one in asked.y), *asked.x, *([asked.by] if asked.by else [])]
    name = "_".join([asked.kind, *(one.rsplit(".", 1)[-1] for one in shown)])[:MOST_LETTERS]
    return Files(folder / f"{name}.{form}", folder / f"{name}.csv", force=True)


def _names(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def check_picture(path: Path, force: bool) -> Path:
    """Check that a picture may be written, and is of a kind that can be.

    Raises
    ------
    ResultsError
        If not.
    """
    return check_ending(path, FORMATS, "-o", force)


def check_ending(path: Path, endings: Sequence[str], option: str, force: bool) -> Path:
    """Check that a file may be written, and has one of some endings.

    Raises
    ------
    ResultsError
        If not.
    """
    if path.suffix.removeprefix(".").lower() not in endings:
        raise ResultsError(
            remark(
                "{option} {path}: give a file name that ends in {endings}",
                option=option,
                path=path,
                endings=" or ".join(f".{one}" for one in endings),
            )
        )
    check_file(path, force, f"chart.{endings[0]}")
    return path
