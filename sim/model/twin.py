"""The twin: the same world with zero hours, as a scenario of its own. See docs/model.md, "Two worlds"."""

from typing import Any

from sim.scenario.schema import Member, Scenario
from sim.scenario.schema.channels import CHANNELS, Animation, Presence, Profiles, Recruiting, Selection, Sponsoring, Web
from sim.scenario.schema.content import Content, Validation
from sim.scenario.schema.dialogue import Dialogue, Outside
from sim.scenario.schema.hours_policy import HoursPolicy
from sim.scenario.schema.measurement import Measurement
from sim.scenario.schema.signals import Listening, WeakSignals
from sim.scenario.schema.team import Team

NOBODY = Member(sessions=(), max_hours_per_week=0.0)


def twin_of(scenario: Scenario) -> Scenario:
    """Return the scenario's zero-hours twin, with everything that cannot matter to it set to one value.

    So all scenarios that differ only in hours, split or practice share one twin, recognised by its content hash.
    """
    kind = scenario.twin_kind()
    same: dict[str, Any] = {
        "name": "twin",
        "description": "",
        "channels_year": None,
        "team": Team(hours_per_week=0.0, members={"nobody": NOBODY}, hire=NOBODY),
        "hours_policy": HoursPolicy(),
        "presence": Presence(twin=kind),
        "recruiting": Recruiting(),
        "profiles": Profiles(),
        "sponsoring": Sponsoring(),
        "selection": Selection(),
        "web": Web(),
        "validation": Validation(),
        "weak_signals": WeakSignals(),
        "content": Content(),
        "measurement": Measurement(),
    }
    if kind == "absent":
        same |= {
            "channels": CHANNELS,
            "listening": Listening(),
            "animation": Animation(),
            "outside": Outside(),
            # how many customers would write, were they answered, decides which of their moments come to something
            "dialogue": Dialogue(replies_raise_volume=scenario.dialogue.replies_raise_volume),
        }
    else:
        formats = {kind: form.model_copy(update={"channels": ()}) for kind, form in Content().formats.items()}
        same["content"] = Content(formats=formats)
    return scenario.replace(**same)
