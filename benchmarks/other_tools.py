"""Run the examples of docs/other-tools.md world by world, with the versions that it names, and print its two tables.

Usage: python -m benchmarks.other_tools [--worlds 6] [--mix-worlds 4]; it downloads the tools into a temporary folder.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/other-tools.md"
WORLD = "point_1/world_0"  # of the examples on the page
SOCIAL = "organic_social"
RULES, MIX, NEW_MIX = range(3)  # the examples, in the order of the page
FIGURES = {
    RULES: f"""
social = rules.set_index("channel_name").loc["{SOCIAL}"]
markov = chain["result"].set_index("channel_name").loc["{SOCIAL}", "total_conversion_value"]
print("FIGURES", social["first_touch_value"], social["last_touch_value"], markov, truth["true_increment"].sum())
""",
    MIX: """
low, high = brought.quantile([0.05, 0.95]).values
print("FIGURES", float(brought.mean()), low, high, truth["true_contribution"].sum(), weeks["sales"].sum())
""",
}


@dataclass(frozen=True)
class Example:
    """An example of the page: what pip installs for it, and its Python."""

    packages: tuple[str, ...]
    code: str


class NotInstalledError(Exception):
    """The tools could not be installed."""


def examples() -> list[Example]:
    """Read the examples of the page, each after the line that installs what it needs."""
    found = re.findall(r"^pip install (.+?)$.*?^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [Example(tuple(shlex.split(words)), code) for words, code in found]


def export(folder: Path, replications: int) -> Path:
    """Run the commands of the page with so many worlds; the folder of the data."""
    from sim.cli.main import cli  # noqa: PLC0415  # the examples can be looked at without

    for line in re.findall(r"^sim (.+)$", PAGE.read_text(encoding="utf-8"), re.M):
        words = re.sub(r"--replications \d+", f"--replications {replications}", line).split()
        places = {"results/truth": str(folder)}
        words = [str(ROOT / word) if word.startswith("scenarios/") else places.get(word, word) for word in words]
        with redirect_stdout(sys.stderr):  # the tables alone are the answer
            cli.main([*words, "--quiet"], standalone_mode=False)
    return folder / "export"


def install(example: Example, folder: Path, python: str = sys.executable) -> Path:
    """Make a virtual environment with what an example needs; its Python.

    Raises
    ------
    NotInstalledError
        With what pip says, if it cannot install it.
    """
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    inside = folder / "bin" / "python"
    words = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *example.packages]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotInstalledError(f"{' '.join(example.packages)}: {done.stderr.strip().splitlines()[-1]}")
    return inside


def run(python: Path, code: str, data: Path) -> str:
    """Run code where the exported data are; what it prints."""
    compiled = python.parents[1] / "compiled"  # else pytensor writes into the home of who runs it
    alone = {**os.environ, "MPLBACKEND": "Agg", "PYTENSOR_FLAGS": f"base_compiledir={compiled}", "PYTHONPATH": ""}
    script = python.parents[1] / "example.py"
    script.write_text(code, encoding="utf-8")  # a file: its worker processes cannot be started from a string
    done = subprocess.run([str(python), str(script)], cwd=data, env=alone, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


def figures(python: Path, number: int, data: Path, world: int) -> list[float]:
    """Figures that an example of the page comes to in a world."""
    code = examples()[number].code.replace(WORLD, f"point_1/world_{world}")
    printed = run(python, code + FIGURES[number], data)
    return [float(word) for word in printed.partition("FIGURES")[2].split()]


def table(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    """Rows as Markdown."""
    head, *body = [f"| {' | '.join(line)} |" for line in (list(columns), *rows)]
    return "\n".join([head, "|---" * len(columns) + "|", *body])


def thousands(value: float) -> str:
    """Write an amount to the thousand."""
    return f"{round(value, -3):,.0f}"


def rules_row(world: int, found: list[float]) -> list[str]:
    """Write a row of the table on attribution."""
    return [str(world), *map(thousands, found)]


def mix_row(world: int, found: list[float]) -> list[str]:
    """Write a row of the table on marketing mix."""
    mean, low, high = (value / 1e6 for value in found[:3])
    return [str(world), f"{mean:.1f} million ({low:.1f} to {high:.1f})", *map(thousands, found[3:])]


def main() -> None:
    """Run the examples and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.other_tools", description=__doc__)
    parser.add_argument("--worlds", type=int, default=6, help="worlds for the attribution package (default 6)")
    parser.add_argument("--mix-worlds", type=int, default=4, help="worlds for the marketing-mix package (default 4)")
    asked = parser.parse_args()
    kinds: list[tuple[int, int, tuple[str, ...], Callable[[int, list[float]], list[str]]]] = [
        (RULES, asked.worlds, ("world", "first touch", "last touch", "Markov", "truth"), rules_row),
        (MIX, asked.mix_worlds, ("world", "estimated (90 % interval)", "truth", "all sales"), mix_row),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = export(folder / "truth", max(asked.worlds, asked.mix_worlds))
        for number, worlds, columns, row in kinds:
            if not worlds:
                continue
            python = install(examples()[number], folder / f"venv{number}")
            found = [figures(python, number, data, world) for world in range(worlds)]
            print(table(columns, [row(world, one) for world, one in enumerate(found)]))
            if number == RULES:
                means = pd.DataFrame(found, columns=list(columns[1:])).mean()
                print("\nmeans: " + ", ".join(f"{label} {thousands(value)}" for label, value in means.items()) + "\n")


if __name__ == "__main__":
    main()
