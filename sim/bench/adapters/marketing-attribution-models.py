# /// script
# requires-python = ">=3.11"
# dependencies = ["marketing-attribution-models==2.1.1", "pandas==3.1.1", "polars==2.1.0"]
# [tool.sim-bench]
# title = "marketing-attribution-models 2.1.1"
# patterns = ["constant", "ramped", "pulsed", "switched_on"]
# ///
"""Last click, linear, Markov and Shapley credit by marketing-attribution-models."""

import sys
from pathlib import Path

import pandas as pd
import polars as pl
from mam.core import MAM

data, out = map(Path, sys.argv[1:])
world = pd.read_csv(data / "company.csv", dtype=str)["world"].iloc[0]
touches = pd.read_csv(data / "touches.csv")
model = MAM(
    df=pl.from_pandas(touches.assign(closes=touches["closes"].astype(bool))),
    format_type="session",
    user_id_colname="lead",
    datetime_colname="time",
    channels_colname="source",
    journey_with_conv_colname="closes",
    conversion_value_colname="value_at_close",
)
found = {
    "last click": model.run_last_click(),
    "linear": model.run_linear(),
    "Markov": model.run_markov(),
    "Shapley": model.run_shapley(),
}
nothing = dict.fromkeys(sorted(set(touches["source"])), 0.0)  # Shapley leaves out channels that no deal touched
rows = [
    (world, method, "journeys", channel, value)
    for method, result in found.items()
    for channel, value in (nothing | dict(result.to_polars().select("channels", "attribution").rows())).items()
]
pd.DataFrame(rows, columns=["world", "method", "measure", "channel", "value"]).to_csv(out, index=False)
