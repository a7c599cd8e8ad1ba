"""A bench of four small worlds: one without an effect, one as published, one of account groups, one switched on."""

import pytest

from sim.bench import families, worlds
from sim.scenario import apply

SHORT = {
    "market.accounts": 400, "market.customers": 20, "time.run_off_weeks": 60, "time.horizon_weeks": 52,
    "hours_policy.starts_week": 0,
}  # fmt: skip


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    place = tmp_path_factory.mktemp("bench")
    whole = families.Family.scenario

    def small(family, hours):
        starts = 26 if family.pattern in ("groups", "switched_on") else 0
        return apply(whole(family, hours), SHORT | {"hours_policy.starts_week": starts})

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(families.Family, "scenario", small)
        chosen = [one for one in families.families() if one.records == "perfect"]
        kinds = (
            ("constant", "none"),
            ("constant", "as_published"),
            ("groups", "as_published"),
            ("switched_on", "as_published"),
        )
        picked = [next(one for one in chosen if (one.pattern, one.effect) == kind) for kind in kinds]
        worlds.make(place, picked, 1, 20.0, 1)
    return place
