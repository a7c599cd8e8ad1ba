"""`sim start`."""

import shlex
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli import console, options
from sim.intake.answers import CHANNELS, NOW, PERSON, QUESTIONS, Question
from sim.remarks import remark
from sim.report.text.remarks import in_language
from sim.report.text.translation import say
from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from sim.intake.answers import Answers

SCENARIO, ANSWER, _ = STEPS = ("scenario", "answer", "warnings")
UNKNOWN = "unknown"
FLAGS = {question.key: f"--{question.key.replace('_', '-')}" for question in QUESTIONS}
NOW_FLAGS = {question.key: f"--now-{question.key}" for question in NOW}


def _answers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each question."""
    made = [
        click.option(flag, f"said_{question.key}", metavar="ANSWER", help=f"{say(question.asks)} Such as {question.example}.")
        for question, flag in zip(QUESTIONS, FLAGS.values(), strict=True)
    ]
    made.append(
        click.option(
            "--person",
            "people",
            multiple=True,
            metavar="NAME:HOURS:COST",
            help="Person who does it, with hours per week and cost per hour, e.g. Anna:6:55; may be repeated.",
        )
    )
    made.append(click.option("--channels", "channels", metavar="A,B", help=f"{say(CHANNELS.asks)} Such as {CHANNELS.example}."))
    made += [
        click.option(flag, f"now_{question.key}", metavar="ANSWER", help=f"{say(question.asks)} Such as {question.example}.")
        for question, flag in zip(NOW, NOW_FLAGS.values(), strict=True)
    ]
    return reduce(lambda decorated, option: option(decorated), reversed(made), command)


@click.command(context_settings=options.SETTINGS)
@click.option(
    "--answers", "file", type=click.Path(path_type=Path), metavar="FILE", help="YAML file of answers; options override it."
)
@_answers
@click.option(
    "-o", "--output", "scenario", type=click.Path(path_type=Path), metavar="FILE.yaml", required=True, help="Scenario to write."
)
@click.option(
    "--results", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results (default: results/FILE)."
)
@click.option(
    "--until",
    type=click.Choice(STEPS),
    default=STEPS[-1],
    show_default=True,
    help="Stop once the scenario is written, or the answer is there; warnings (what to watch, what would change the advice)"
    " take some minutes.",
)
@options.force
@options.yes
@options.worker_options
@options.quiet
@options.speaking
@options.as_json
def start(
    file: Path | None,
    scenario: Path,
    results: Path | None,
    until: str,
    force: bool,
    workers: Any,
    quiet: bool,
    as_json: bool,
    **said: Any,
) -> None:
    """Begin with your company: answer about ten questions, and get its scenario and the advice on 5 to 40 hours per week.

    Without options, it asks the questions at the terminal; press enter for what you do not know. Afterwards: sim report DIR.

    Example: sim start --name "Her Firm" --target-accounts 800 --deals-per-year 45 -o her_firm.yaml
    """
    from sim.workflows.start import REPLICATIONS, WORLDS_TO_COME, levels_with  # noqa: PLC0415  # heavy

    known = _known(file, _given(said))
    folder = results or Path("results") / scenario.stem
    if until != SCENARIO:
        _check(folder, force)
    asked = {"workers": workers, "yes": said["yes"], "remark": lambda text: console.hint(text, quiet)}
    company = sim.start(known, scenario, force=force, worlds_to_come=WORLDS_TO_COME[until], **asked)
    if until == SCENARIO:
        console.show(company, as_json=as_json)
        console.hint(say("The scenario is {file}. Next: sim run {file}", file=scenario), quiet)
        return
    if not as_json:
        console.show(company, as_json=False)
        console.echo()
    found = sim.sweep(
        scenario,
        {"team.hours_per_week": levels_with(company.scenario)},
        replications=REPLICATIONS,
        folder=folder,
        force=force,
        bar=console.bar(quiet),
        **asked,
    )
    how = {"bar": console.bar(quiet), "scenario": scenario, **asked}
    if as_json:
        if until != ANSWER:
            _warn(found, how)
        said = {"scenario": str(scenario), "results": str(folder), "answer": found.answer().to_dict()}
        console.show_json(company.to_dict() | said)
    elif until == ANSWER:
        console.show(found.answer(), as_json=False)
    else:
        _answer_and_then_warn(found, how, quiet)
    console.hint(say("The scenario is {file}.", file=scenario), quiet)
    console.where_to(folder, quiet)


def _answer_and_then_warn(found: Any, how: dict[str, Any], quiet: bool) -> None:
    """Show the answer at once, and what takes some minutes after it."""
    from sim.report.answers import one_page  # noqa: PLC0415  # heavy

    answer = found.answer()
    console.show_parts(part for part in answer.parts() if part.heading != say(one_page.HEADINGS["watch"]))
    console.hint(say("Looking for what to watch and what would change the advice: some minutes. Ctrl-C leaves it out."), quiet)
    _warn(found, how)
    console.show_parts((*one_page.decided(found), *one_page.warned(found)), is_continued=True)


def _warn(found: Any, how: dict[str, Any]) -> None:
    """Look for warnings; if that is stopped, say where the answer is, and how to continue."""
    command = shlex.join(["sim", "warn", str(found.folder), "--scenario", str(how["scenario"])])
    kept = say("stopped; the answer is kept in {folder}. Warnings are looked for with: {command}",
               folder=found.folder, command=command)  # fmt: skip
    with console.interruptible(kept):
        sim.warnings(found, **how)


def _known(file: Path | None, given: dict[str, Any]) -> "Answers":
    """Read the answers, wherever they are given; ask if they are not."""
    from sim.intake.reading import read_answers, read_file  # noqa: PLC0415  # heavy

    if file is not None:
        return read_file(file, given)
    if not given and not _is_asked_at_a_terminal():
        raise click.UsageError(remark("give --answers FILE, or --name and other answers; or answer at a terminal"))
    return read_answers(given or _ask())


def _is_asked_at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _check(folder: Path, force: bool) -> None:
    from sim.experiment.store import check_free  # noqa: PLC0415  # heavy

    check_free(folder, force)


def _given(said: dict[str, Any]) -> dict[str, Any]:
    """Return the answers that options gave, by key."""
    given = {question.key: said[f"said_{question.key}"] for question in QUESTIONS}
    now = {question.key: said[f"now_{question.key}"] for question in NOW}
    given |= {"people": [_person(text) for text in said["people"]] or None, "channels": said["channels"]}
    given["now"] = {key: text for key, text in now.items() if text is not None} or None
    return {key: value for key, value in given.items() if value is not None}


def _person(text: str) -> dict[str, str]:
    parts = text.split(":")
    if len(parts) > len(PERSON):
        raise click.BadParameter(
            remark("{text} has more than name, hours and cost; write for example Anna:6:55", text=repr(text)),
            param_hint="--person",
        )
    return {question.key: part for question, part in zip(PERSON, parts, strict=False)}


def _ask() -> dict[str, Any]:
    """Ask the questions at the terminal, each until its answer can be read."""
    console.echo(say("About ten questions. Enter skips what you do not know; a range is then kept."), err=True)
    given: dict[str, Any] = {question.key: _asked(question) for question in QUESTIONS}
    people: list[dict[str, str]] = []
    while person := _asked(PERSON[0]):
        people.append({"name": person} | {one.key: _asked(one, given["currency"], name=person) for one in PERSON[1:]})
    channels = _asked(CHANNELS)
    now = {NOW[0].key: _asked(NOW[0])}
    if now["hours"] not in {"", "0"}:
        now |= {question.key: _asked(question) for question in NOW[1:]}
    return given | {"people": people or UNKNOWN, "channels": channels, "now": now}


def _asked(question: Question, currency: str | None = None, **named: str) -> str:
    from sim.intake.reading import answer_to  # noqa: PLC0415  # heavy

    text = say(question.asks, **named)
    hint = say("such as {example}", example=question.example)
    while True:
        answer = str(click.prompt(f"{text} [{hint}]", default="", show_default=False, err=True)).strip()
        try:
            found = answer_to(question, answer, currency)
        except ScenarioError as error:
            console.echo(f"  {in_language(error)}", err=True)
            continue
        if found is None and question.key == "name" and question is QUESTIONS[0]:
            console.hint(say("The company needs a name."), quiet=False)
            continue
        return answer
