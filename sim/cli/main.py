"""The command `sim`: finds the commands, and turns what goes wrong into one line and an exit code."""

import os
import signal
import sys
from importlib import import_module

import click

from sim.memory import MEMORY_IS_SHORT, LittleRoomError, check_room, is_for_want_of_memory
from sim.remarks import remark
from sim.version import __version__, build, versions_line

COMMANDS = {
    "start": "Begin with your company: about ten questions.",
    "run": "Run a scenario and its zero-hours twin.",
    "sweep": "Run a scenario at many values of its parameters.",
    "study": "Run a named study: its levels, plots and report.",
    "optimise": "Find the best split of the hours, and the best hours.",
    "sensitivity": "Find which inputs change the decision.",
    "ensemble": "Decide over all sets of assumptions that fit the facts.",
    "discover": "Find where a condition holds, such as that every level loses.",
    "plan": "Find the best plan in stages: start, look once, continue or stop.",
    "warn": "Find what would flip the advice, and what to watch.",
    "calibrate": "Estimate parameters from your own exports.",
    "backcast": "Compare your last months with the same months simulated.",
    "survey": "Ask simulated executives what the study of 2012 asked.",
    "resume": "Finish a run that was interrupted.",
    "compare": "Compare points or results, world by world.",
    "plot": "Draw the figures, or any outcome against any parameter.",
    "report": "Write a report in one file that opens offline.",
    "page": "Explore results in a browser, with sliders and new runs.",
    "bench": "Grade tools that measure marketing on known worlds.",
    "results": "List, show, check and export results.",
    "scenario": "Create, check and show scenario files.",
    "completion": "Let your shell complete the names of commands and options.",
}
FAILED, BAD_INPUT, INTERRUPTED, TERMINATED = 1, 2, 130, 143
EPOCH = "SOURCE_DATE_EPOCH"
ENGLISH, TRANSLATED = "en", ("fr",)
THREADS_OF_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Commands(click.Group):
    """The commands, each imported only when it is called: help must not wait for pandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """Return the commands in the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"sim.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command as click does, suggesting the nearest name for an unknown one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415

            near = get_close_matches(args[0], COMMANDS, 1)
            remedy = (
                remark("did you mean {key}?", key=near[0]) if near else remark("there are {commands}", commands=[*COMMANDS])
            )
            ctx.fail(remark("no command {name}; {remedy}", name=repr(args[0]), remedy=remedy))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _say_version(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        click.echo(f"sim {__version__}, {build()} ({versions_line()})")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version of sim and of its main dependencies.",
)
def cli() -> None:
    """Find out what hours on social media return to a B2B team, before you spend them.

    Every run has a twin world with zero hours on the same random numbers, so every sale is known to be caused,
    accelerated or untouched by social media.

    Example: sim sweep scenarios/b2b.yaml --vary team.hours_per_week=5:40:5 -o results/hours
    """


class Terminated(BaseException):
    """Stopped by SIGTERM, which is said and answered as Ctrl-C is; click, which would say more, knows nothing of it."""

    code = TERMINATED


def _terminate(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    raise Terminated


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed while running, 2 bad input, 130 interrupted (143 by SIGTERM)."""
    signal.signal(signal.SIGTERM, _terminate)
    for name in THREADS_OF_LIBRARIES:  # each of its threads takes memory, and none is of use in sums as small as ours
        os.environ.setdefault(name, "1")
    try:
        code = _run()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):  # all is said; a signal while Python ends would be a traceback
            signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def _run() -> int:
    """Run the command line, and return its exit code."""
    try:
        _check_environment()
        if not {"-h", "--help", "--version"} & {*sys.argv}:
            check_room()
        code: int = cli(standalone_mode=False) or 0  # that of a command that ends with one, such as sim results verify
    except (KeyboardInterrupt, Terminated, click.Abort) as error:
        usual = remark(
            "interrupted; finished work is kept. To continue, run `sim resume DIR`, or repeat the command for a search."
        )
        _say(str(error) or _said(usual))
        code = getattr(error, "code", getattr(error.__cause__, "code", INTERRUPTED))  # click makes an Abort of either
    except BrokenPipeError:
        sys.stderr.close()
        code = FAILED
    except Exception as error:
        said, code = _answer_to(error)
        _say(said)
    return code


def _answer_to(error: Exception) -> tuple[str, int]:
    """Return what to say of an error, in one line, and the exit code."""
    if isinstance(error, click.ClickException):
        hint = f"\nTry: {error.ctx.command_path} --help" if isinstance(error, click.UsageError) and error.ctx else ""
        return _said(error.message, otherwise=error.format_message()) + hint, BAD_INPUT
    if isinstance(error, LittleRoomError):
        return _said(error), FAILED
    kind = _kind(error)
    if kind is not None:
        return _said(error), kind
    if is_for_want_of_memory(error):
        return _said(MEMORY_IS_SHORT), FAILED
    what = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and error.filename is not None:
        what = f"{error.filename}: {error.strerror}"
    failed = remark("failed while running ({what}); finished work is kept. To continue, run `sim resume DIR`.", what=what)
    return _said(failed), FAILED


def _said(error: str | Exception, otherwise: str = "") -> str:
    """Say a remark, or what an error remarks, in the language that was asked for; `otherwise` is the English of a click error.

    Who reads English need not wait for the catalogs.
    """
    language = _language_of(sys.argv)
    if language == ENGLISH:
        return otherwise or str(error)
    from sim.report.text.remarks import in_language  # noqa: PLC0415
    from sim.report.text.translation import told_in  # noqa: PLC0415

    with told_in(language):
        said = in_language(error)
    return otherwise if otherwise and said == str(error) else said


def _language_of(words: list[str]) -> str:
    """Return the language that a command line asks for by --lang, also one that cannot be parsed; English if by none."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--lang":
            asked = value if equals else "".join(words[number + 1 : number + 2])
            return asked if asked in TRANSLATED else ENGLISH
    return ENGLISH


def _check_environment() -> None:
    """Check what others read from the environment in the midst of work.

    Raises
    ------
    click.UsageError
        If it cannot be used.
    """
    epoch = os.environ.get(EPOCH)
    if epoch is not None and not (epoch.isascii() and epoch.isdigit()):
        raise click.UsageError(
            remark(
                "{variable} is {value}; give seconds since 1970 as digits, or unset it", variable=EPOCH, value=repr(epoch)[:60]
            )
        )


def _kind(error: Exception) -> int | None:
    """Return the exit code for an error that the program raises itself; None for any other."""
    from sim.calibrate.errors import ExportError  # noqa: PLC0415
    from sim.experiment.errors import ResultsError, RunError  # noqa: PLC0415
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415

    if isinstance(error, ScenarioError | ResultsError | ExportError):
        return BAD_INPUT
    return FAILED if isinstance(error, RunError) else None


def _say(message: str) -> None:
    from sim.scenario.printable import escaped  # noqa: PLC0415

    click.echo(escaped(f"sim: {message}"), err=True)
