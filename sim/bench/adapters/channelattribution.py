# /// script
# requires-python = ">=3.11"
# dependencies = ["ChannelAttribution==2.2.5", "matplotlib==3.11.2"]
# [tool.sim-bench]
# title = "ChannelAttribution 2.2.5"
# patterns = ["constant", "ramped", "pulsed", "switched_on"]
# ///
"""First touch, last touch, linear and Markov credit by ChannelAttribution."""

import sys
from pathlib import Path

import ChannelAttribution
import pandas as pd

data, out = map(Path, sys.argv[1:])
world = pd.read_csv(data / "company.csv", dtype=str)["world"].iloc[0]
paths = pd.read_csv(data / "journeys.csv").groupby("path")[["converted", "lost", "value"]].sum().reset_index()
rules = ChannelAttribution.heuristic_models(paths, "path", "converted", var_value="value").set_index("channel_name")
chain = ChannelAttribution.markov_model(
    paths, "path", "converted", var_value="value", var_null="lost", order=1, max_step=1000, nsim_start=1e6, out_more=True
)
found = {
    "first touch": rules["first_touch_value"],
    "last touch": rules["last_touch_value"],
    "linear": rules["linear_touch_value"],
    "Markov": chain["result"].set_index("channel_name")["total_conversion_value"],
}
rows = [(world, method, "journeys", channel, value) for method, by in found.items() for channel, value in by.items()]
pd.DataFrame(rows, columns=["world", "method", "measure", "channel", "value"]).to_csv(out, index=False)
