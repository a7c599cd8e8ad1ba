"""Compile the model and its measures, where that is asked for: SIM_COMPILE=1 pip install . (see docs/decisions/0020)."""

import os
from pathlib import Path

from setuptools import setup

COMPILED = ("sim/model", "sim/measures")

if os.environ.get("SIM_COMPILE") == "1":
    from mypyc.build import mypycify  # comes with mypy, which is needed for this alone

    modules = [str(path) for folder in COMPILED for path in sorted(Path(folder).glob("*.py")) if path.name != "__init__.py"]
    setup(ext_modules=mypycify(modules, opt_level="3", group_name="sim"))
else:
    setup()
