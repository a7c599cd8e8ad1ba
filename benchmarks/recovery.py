"""Print in how many simulated companies the 90 % interval of each calibrated quantity holds the truth, as in credibility.md.

Usage: python -m benchmarks.recovery [--companies 20]; the companies are those of tests/verification/test_recovery.py.
"""

import argparse
import tempfile
from pathlib import Path

from tests.verification.test_recovery import COMPANIES, lived


def main() -> None:
    """Let companies of each kind live, calibrate their exports, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--companies", type=int, default=20, help="of each kind (default 20)")
    companies = parser.parse_args().companies
    for kind in COMPANIES:
        with tempfile.TemporaryDirectory() as folder:
            found = lived(kind, companies, Path(folder))
        print(f"{kind}, of {companies} companies:")
        for name, flags in found.items():
            print(f"  {sum(flags):>4}  {name}", flush=True)


if __name__ == "__main__":
    main()
