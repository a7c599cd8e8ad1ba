"""`sim plot`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

import sim
from sim.cli import console, options
from sim.remarks import remark
from sim.report.text.translation import say

CHART = {
    "x": "--x", "y": "--y", "by": "--by", "kind": "--kind", "baseline": "--baseline", "absolute": "--absolute",
    "lowest": "--lowest", "table": "--table", "page": "--interactive", "force": "--force", "size": "--size",
}  # fmt: skip
PAGE = "page"


def _of_charts(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a chart that somebody asks for."""
    file = click.Path(path_type=Path)
    for option in reversed(
        (
            click.option(
                "--x",
                multiple=True,
                metavar="PARAM",
                help="Draw against this parameter: its path, or the end of it; label for points by name. Give several for pairs"
                " and parallel.",
            ),
            click.option(
                "--y",
                multiple=True,
                metavar="OUTCOME",
                help="Draw this column of outcomes, or over time a column of weeks or quarters; give several for panels"
                " (default: net_return_expected).",
            ),
            click.option(
                "--by",
                metavar="PARAM",
                help="Draw one line or colour per value of this parameter; the vertical axis of a heat map.",
            ),
            click.option(
                "--kind",
                metavar="KIND",
                help="Kind of chart: line, heat, contour, scatter, box, hist, ecdf, time, pairs, parallel, tornado,"
                " sobol, history or importance (default: one that fits).",
            ),
            click.option(
                "--baseline",
                metavar="LABEL",
                help="Draw differences from this point, world by world, instead of from the twin.",
            ),
            click.option("--absolute", is_flag=True, help="Draw outcomes themselves, instead of differences from the twin."),
            click.option("--lowest", is_flag=True, help="Take the lowest as the best, instead of the highest."),
            click.option(
                "--size", type=click.Choice([PAGE, "phone"]), default=PAGE, show_default=True, help="Size of the picture."
            ),
            click.option("--table", type=file, metavar="FILE.csv", help="Write the numbers behind the picture."),
            click.option(
                "--interactive",
                "page",
                type=file,
                metavar="FILE.html",
                help="Write a page with tooltips and zoom that opens offline.",
            ),
            click.option("--force", is_flag=True, help="Replace existing files."),
        )
    ):
        command = option(command)
    return command


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--question",
    "questions",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="N",
    help="Number of the question, as in the report (default: all that the results can answer).",
)
@_of_charts
@click.option(
    "--format", "form", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True, help="File format."
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help="Folder of figures (default: figures in DIR); of a chart with --x, --y or --kind, the file: .png, .svg or .pdf.",
)
@options.trace
@options.speaking
@options.quiet
def plot(folders: tuple[Path, ...], target: Path | None, quiet: bool, **how: Any) -> None:
    """Draw the figures of the results in DIR, each with its table as CSV; or any outcome against any parameter.

    Several DIR are drawn side by side, each as a case of its own; they need the same seed and replications. A figure of one
    level of hours shows the one that is advised. With --trace, the history of one account is drawn, and other figures only if
    you ask for them.

    With --x, --y, --by or --kind, one chart is drawn. An outcome that the zero-hours twin has, too, is drawn as its difference.
    docs/gallery.md shows one of each kind.

    Example: sim plot results/hours --question 1 --format svg

    Example: sim plot results/margins --x team.hours_per_week --y net_return_expected --by sales.margin -o margins.png
    """
    chart = {name: how.pop(name) for name in CHART}
    given = [name for name, value in chart.items() if value and value != PAGE]
    written = _chart(folders, target, given, chart, how) if given else sim.plot(folders, target, **how)
    for path in written:
        console.echo(path)
    compared = f"sim compare {' '.join(map(str, folders))}"
    console.hint(say("Next: {command}", command=console.report_of(folders[0]) if len(folders) == 1 else compared), quiet)


def _chart(
    folders: tuple[Path, ...], target: Path | None, given: list[str], chart: dict[str, Any], how: dict[str, Any]
) -> list[Path]:
    """Draw one chart."""
    from sim.workflows.charts import Files, chart_of, write_chart  # noqa: PLC0415  # heavy

    if not any(chart[name] for name in ("x", "y", "by", "kind")):
        raise click.UsageError(
            remark("{chart} goes with --x, --y, --by or --kind, which say what to draw.", chart=CHART[given[0]])
        )
    for name, option in (("questions", "--question"), ("account", "--trace")):
        if how[name] not in ((), None):
            raise click.UsageError(
                remark(
                    "{option} draws a figure of its own; leave {chart} out, or give a command for each.",
                    option=option,
                    chart=CHART[given[0]],
                )
            )
    files = Files(target, chart.pop("table"), chart.pop("page"), chart.pop("force"))
    size = chart.pop("size")
    found = replace(chart_of(folders, **chart), size=size)
    return write_chart(found, files, how["form"])
