"""A tool of one's own for `sim bench`: twenty lines that take every deal with a recorded social touch for an effect of it.

Usage: sim bench --command "python mine.py {data} {out}" --pattern switched_on DIR
"""

import csv
import sys
from pathlib import Path

data, out = map(Path, sys.argv[1:])
with (data / "company.csv").open() as file:
    world = next(csv.DictReader(file))["world"]
with (data / "journeys.csv").open() as file:
    deals = [row for row in csv.DictReader(file) if row["converted"] == "1"]
touched = [float(row["value"]) for row in deals if "organic_social" in row["path"].split(" > ")]
with out.open("w", newline="") as file:
    answer = csv.writer(file)
    answer.writerow(["world", "method", "measure", "channel", "value", "low", "high"])
    answer.writerow([world, "any touch", "journeys", "organic_social", sum(touched), 0.0, sum(touched)])
