# /// script
# requires-python = ">=3.11"
# dependencies = ["pysyncon==1.7.0"]
# [tool.sim-bench]
# title = "pysyncon 1.7.0"
# patterns = ["groups"]
# ///
"""A synthetic control by pysyncon: the treated accounts beside ten groups that are kept from social media."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pysyncon import Synth

data, out = map(Path, sys.argv[1:])
world = pd.read_csv(data / "company.csv", dtype=str)["world"].iloc[0]
groups = pd.read_csv(data / "groups.csv")
wide = (groups["sales"] / groups["accounts"]).groupby([groups["quarter"], groups["group"]]).sum().unstack()
after = groups.groupby("quarter")["after"].first().astype(bool)
others, mine = wide.drop(columns="treated"), wide["treated"]
before = list(wide.index[~after])
model = Synth()
model.fit(X0=others.loc[before], X1=mine.loc[before], Z0=others.loc[before], Z1=mine.loc[before])
accounts = groups.loc[groups["is_treated"] == 1, "accounts"].iloc[0]
gaps = (mine - others @ model.weights(round=12)) * accounts
effect = gaps[after].sum()
# the spread of a sum over so many quarters, from the gaps before: its own interval is by quarter, and does not add up
half = 1.645 * np.sqrt(np.mean(gaps[~after] ** 2)) * np.sqrt(after.sum())
row = (world, "synthetic control", "groups", "organic_social", effect, effect - half, effect + half)
pd.DataFrame([row], columns=["world", "method", "measure", "channel", "value", "low", "high"]).to_csv(out, index=False)
