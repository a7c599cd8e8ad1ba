"""Check the prose that people read against patterns that sound translated: `python .ci/prose.py`, from the root of the tree.

It reads the documents, the help of all commands, docstrings, and the messages of reports. It prints each place with what to
write instead, and ends with 1 if there is any.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
GENERATED = {"commands.md", "python.md", "results-schema.md", "scenario-reference.md", "glossary.md"}  # read at their source
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/tutorials/*.md")
MODULES = ("sim/**/*.py", ".ci/*.py", "benchmarks/**/*.py")
CATALOG = ROOT / "sim/report/locale/fr.po"

COUNTED = (
    "h|hours?|worlds?|posts?|days?|deals?|rows?|columns?|lines?|files?|messages?|views?|minutes?|sales|visits?|questions?"
    "|replications?|points?|costs?|leads?|pieces?|runs?|licences?|means?|contracts?|cells?|purchases?|events?|values?|published"
    r"|engagements|conversations|drafts|entered|margin|revenue|EUR|\d(?: %)?"
)
PER = (
    "week|month|year|day|quarter|point|level|world|row|deal|lead|post|person|hour|member|hire|account|piece|message|contact|stage"
    "|customer|set|command|folder|follower|value|seed|figure|task|colour|draft|line|channel|company|seat|head|source|segment|actor"
    "|table|decision|firm|question|replication|contract|renewal|touch|run|kind|need|path"
)
SENTENCE = r"[^.;:!?|]*"


@dataclass(frozen=True)
class Rule:
    """A pattern to avoid, and what to write instead."""

    name: str
    pattern: re.Pattern[str]
    remedy: str


EVERYWHERE = (
    Rule(
        'distributive "a"',
        re.compile(rf"\b(?i:{COUNTED}) an? (?:{PER})\b(?! (?:of|and a half|before|after|ago|earlier|later)\b)"),
        'write "per": hours per week',
    ),
    Rule(
        "is no X",
        re.compile(r"(?<!here )\b(?:is|are|was|were) no (?!longer|more|fewer|less|better|worse|later|earlier|other|one)\w"),
        'write "is not a X"',
    ),
    Rule(
        "translated verb",
        re.compile(
            r"\bas (?:it|they) stands?\b|\bamiss\b|\b[Ww]hoever\b|\b(?:go|goes|went) on\b|\blives? (?:through )?(?:a|one) world"
            r"|\b(?:is|are|was|were|be) lived\b|\b(?:split|mix|guesses|numbers|levels?|hours|others|rest|scenario|else)"
            r"(?: stay)? as (?:it is|they are)\b|\bstands? (?:at|still|beside|apart|on top|above|in)\b"
        ),
        'say what it is: "today\'s split", "continues", "is shown beside", "was run", "at their likely values", "pauses"',
    ),
    Rule(
        "a thing that tells or brings",
        re.compile(
            r"\b(?:tells?|brings?) (?:nothing|most|more|some|little|that|how|which|what|of|us|\{)"
            r"|\b(?:records?|data|exports?|figures?|facts|guesses|worlds?|it|they|that|command|studies) (?:tells?|brings?)\b"
        ),
        "a thing shows, says, returns or adds",
    ),
    Rule("and so", re.compile(r", and so (?!on\b)"), "one idea per sentence"),
    Rule("that ... that ... that", re.compile(rf"\bthat\b{SENTENCE}\bthat\b{SENTENCE}\bthat\b"), "one idea per sentence"),
)
HELP = (
    Rule(
        "help that begins with neither verb nor noun",
        re.compile(
            r"^(?:\.\.\. )?(?i:Of|Or|For|By|From|In|At|On|To|That|Which|What|Whether|How|And|Not|No|Also|Only)\b(?![^.]*\?)"
        ),
        "begin with a verb or a noun",
    ),
)
DOCSTRING = (
    Rule(
        "docstring that begins with a question word",
        re.compile(r"^(?:What|Whether|How|Where|Which|Who|Whom|Whose|Why|When|Of|That|If|In|By|For|From|On|At|As|With)\b"),
        "write the imperative (functions) or a noun phrase (classes, modules)",
    ),
)


def found(text: str, rules: tuple[Rule, ...] = EVERYWHERE) -> Iterator[tuple[Rule, str]]:
    """Yield each rule that a text breaks, with the words around the place."""
    flat = " ".join(text.split())
    for rule in rules:
        for match in rule.pattern.finditer(flat):
            yield rule, flat[max(0, match.start() - 30) : match.end() + 30]


def of_markdown(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs, rows and items of a document, without its code."""
    text = re.sub(
        r"^( *)```.*?^ *```$", lambda block: "\n" * block[0].count("\n"), path.read_text(encoding="utf-8"), flags=re.S | re.M
    )
    text = re.sub(r"`[^`\n]*`", "`x`", text)
    line = 1
    for block in re.split(r"(\n(?=\n|[-|#]|\d\. ))", text):
        if block.strip():
            yield f"{path.relative_to(ROOT)}:{line + len(block) - len(block.lstrip(chr(10)))}", block
        line += block.count("\n")


def of_command(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Yield the help of a command, of its options, and of those below it."""
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            yield f"{name} {option.opts[0]}", option.help
    if isinstance(command, click.Group):
        for below in command.list_commands(click.Context(command)):
            known = command.get_command(click.Context(command), below)
            assert known is not None
            yield from of_command(known, f"{name} {below}")


def of_module(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the docstrings of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            if any(isinstance(one, ast.Name) and "property" in one.id for one in getattr(node, "decorator_list", ())):
                continue  # a noun phrase

            line = 1 if isinstance(node, ast.Module) else node.lineno
            yield f"{path.relative_to(ROOT)}:{line}", re.sub(r"`[^`\n]*`", "`x`", text)


def of_messages() -> Iterator[tuple[str, str]]:
    """Yield the messages of reports, of the page and of commands, in English."""
    with CATALOG.open("rb") as file:
        for message in read_po(file, locale="fr"):
            for text in (message.id,) if isinstance(message.id, str) else message.id:
                yield f"message in {', '.join(name for name, _ in message.locations)}", text


def paths(patterns: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of the tree that fit one of some patterns, but for generated documents."""
    for pattern in patterns:
        yield from (path for path in sorted(ROOT.glob(pattern)) if path.name not in GENERATED)


def faults() -> Iterator[str]:
    """Yield a line for each place that breaks a rule."""
    from sim.cli.main import COMMANDS, cli  # noqa: PLC0415  # of the tree that is checked

    helped = [*of_command(cli, "sim"), *((f"sim {name}", text) for name, text in COMMANDS.items())]
    docstrings = [one for path in paths(MODULES) for one in of_module(path)]
    texts = [one for path in paths(DOCUMENTS) for one in of_markdown(path)]
    for kind, rules in (
        (texts, EVERYWHERE),
        (helped, EVERYWHERE + HELP),
        (docstrings, EVERYWHERE + DOCSTRING),
        ([*of_messages()], EVERYWHERE),
    ):
        for place, text in kind:
            yield from (f"{place}: {rule.name}: ...{words}...; {rule.remedy}" for rule, words in found(text, rules))


if __name__ == "__main__":
    lines = [*faults()]
    print(*lines, f"{len(lines)} places" if lines else "Prose: nothing found.", sep="\n")
    sys.exit(bool(lines))
