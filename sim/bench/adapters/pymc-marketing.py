# /// script
# requires-python = ">=3.11"
# dependencies = ["pymc-marketing==0.19.2"]
# [tool.sim-bench]
# title = "pymc-marketing 0.19.2"
# patterns = ["constant", "ramped", "pulsed", "switched_on"]
# ///
"""A marketing-mix model by pymc-marketing: hours as the only medium, carry-over of up to half a year, saturation."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation

data, out = map(Path, sys.argv[1:])
world = pd.read_csv(data / "company.csv", dtype=str)["world"].iloc[0]
weeks = pd.read_csv(data / "weeks.csv", parse_dates=["date"])
model = MMM(
    date_column="date",
    channel_columns=["hours"],
    adstock=GeometricAdstock(l_max=26),
    saturation=LogisticSaturation(),
    yearly_seasonality=2,
)
model.fit(
    weeks[["date", "hours"]], weeks["sales"], draws=300, tune=300, chains=2, cores=1, target_accept=0.9, random_seed=1,
    progressbar=False,
)  # fmt: skip
brought = model.compute_channel_contribution_original_scale().sum("date").to_numpy().ravel()
low, high = np.quantile(brought, [0.05, 0.95])
row = (world, "mix model", "weeks", "organic_social", brought.mean(), low, high)
pd.DataFrame([row], columns=["world", "method", "measure", "channel", "value", "low", "high"]).to_csv(out, index=False)
