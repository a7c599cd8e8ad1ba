# /// script
# requires-python = ">=3.11"
# dependencies = ["CausalPy==0.9.0"]
# [tool.sim-bench]
# title = "CausalPy 0.9.0"
# patterns = ["switched_on"]
# ///
"""An interrupted time series by CausalPy: sales by four weeks, with a yearly wave, before and after the team begins."""

import sys
from pathlib import Path

import causalpy as cp
import numpy as np
import pandas as pd

data, out = map(Path, sys.argv[1:])
company = pd.read_csv(data / "company.csv", dtype={"world": str}, parse_dates=["first_day", "begins"]).iloc[0]
weeks = pd.read_csv(data / "weeks.csv")
sales = weeks.groupby(weeks["week"] // 4)["sales"].sum()
begins = (company["begins"] - company["first_day"]).days // 28
unit = sales[sales.index < begins].std()
angle = 2.0 * np.pi * sales.index.to_numpy() / 13.0
frame = pd.DataFrame({"y": sales / unit, "up": np.sin(angle), "over": np.cos(angle)}, index=sales.index)
model = cp.pymc_models.LinearRegression(
    sample_kwargs={"draws": 500, "tune": 500, "chains": 2, "cores": 1, "random_seed": 1, "progressbar": False}
)
fitted = cp.InterruptedTimeSeries(frame, begins, formula="y ~ 1 + up + over", model=model)
draws = fitted.post_impact_cumulative.isel(obs_ind=-1).to_numpy().ravel() * unit
low, high = np.quantile(draws, [0.05, 0.95])
row = (company["world"], "interrupted time series", "weeks", "organic_social", draws.mean(), low, high)
pd.DataFrame([row], columns=["world", "method", "measure", "channel", "value", "low", "high"]).to_csv(out, index=False)
