"""Compile the model and its measures where that is asked for: SIM_COMPILE=1 pip install . (docs/decisions/0020)."""

import os
import shutil
import tomllib
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

COMPILED = ("sim/model", "sim/measures")
# a product and a sum rounded at one go, as some processors do it, would give other numbers than Python does
OPTIONS = [] if os.name == "nt" else ["-ffp-contract=off"]


class WithScenarios(build_py):  # type: ignore[misc]  # setuptools has no types here
    """Build the package with the scenarios and studies of the source tree in it, so that they are found by name anywhere."""

    def run(self) -> None:
        """Copy what is to be installed."""
        super().run()
        if not self.editable_mode:
            shutil.copytree("scenarios", Path(self.build_lib) / "sim" / "shipped", dirs_exist_ok=True)


def compile_them() -> None:
    """Set up with compiled modules, or say first what that needs."""
    try:
        from mypyc.build import mypycify  # noqa: PLC0415  # of mypy, which may not be there
    except ImportError:  # an installer asks what is needed, brings it and comes back
        needed = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
        setup(cmdclass={"build_py": WithScenarios}, setup_requires=[*needed, "mypy", "pandas-stubs", "scipy-stubs"])
        return
    modules = [str(path) for folder in COMPILED for path in sorted(Path(folder).glob("*.py")) if path.name != "__init__.py"]
    extensions = mypycify(modules, opt_level="3", group_name="sim", multi_file=True)
    for extension in extensions:
        extension.extra_compile_args += OPTIONS
    setup(cmdclass={"build_py": WithScenarios}, ext_modules=extensions)


if os.environ.get("SIM_COMPILE") == "1":
    compile_them()
else:
    setup(cmdclass={"build_py": WithScenarios})
