"""`sim compare`."""

import json
from pathlib import Path

import click

from sim.cli import options, output


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option("--baseline", metavar="POINT", help="Compare with this point (default: the first).")
@options.matters("if not given, none is selected")
@options.as_json
def compare(folders: tuple[Path, ...], baseline: str | None, matters: float | None, as_json: bool) -> None:
    """Paired differences of every point from the baseline, world by world on the same draws.

    P-values are adjusted for their number (Holm); where more than two points are compared, an interval in square brackets holds
    for all of them at once. Results in several folders must share their seed.

    Example: sim compare results/hours --baseline "10 h/week"
    """
    from sim.analysis import comparison  # noqa: PLC0415
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.results import read  # noqa: PLC0415
    from sim.report import ranking, words  # noqa: PLC0415

    results = [read(folder) for folder in folders]
    seeds = {one.manifest["seed"] for one in results}
    if len(seeds) > 1:
        raise ResultsError(f"results of different seeds ({', '.join(map(str, sorted(seeds)))}) have no worlds in common")
    if len({one.folder.resolve() for one in results}) < len(results):
        raise ResultsError("each folder can be compared once")
    names = comparison.point_names(results)
    if baseline is not None and baseline not in names:
        raise ResultsError(f"no point {baseline!r}; there are {', '.join(names)}")
    if len(names) < 2:
        raise ResultsError(f"{folders[0]}: has one point only; give a second folder to compare with")
    table = comparison.paired_differences(results, baseline)
    ranked = None if matters is None else ranking.ranking(results, matters)
    if as_json:
        differences = table.to_dict("records")
        content = differences if ranked is None else {"differences": differences, "ranking": ranking.content(ranked)}
        click.echo(json.dumps(output.finite(content), indent=1, ensure_ascii=False))
        return
    several = table["point"].nunique() > 1
    click.echo(f"Differences from {table['baseline'].iloc[0]}, with {words.CONFIDENCE_TEXT} intervals of the mean")
    for label, rows in table.groupby("point", sort=False):
        click.echo(f"\n{label}")
        for _, row in rows.iterrows():
            digits = 3 if row["unit"] == "share" else 1 if row["unit"] == "deals" else 0
            middle, low, high = (words.number(row[key], digits) for key in ("difference", "difference_low", "difference_high"))
            adjusted = "p undefined" if row["p_holm"] != row["p_holm"] else f"p {row['p_holm']:.3f}"
            all_low, all_high = (words.number(row[key], digits) for key in ("all_low", "all_high"))
            at_once = f" [{all_low} to {all_high}]" if several else ""
            click.echo(f"  {row['measure']:24} {middle:>12} ({low} to {high}){at_once}, {adjusted}")
    if ranked is not None:
        output.columns(ranking.rows(ranked))
        click.echo(ranking.sentence(ranked, results[0].currency))
