"""The twin: the same world with zero hours, as a scenario of its own. See docs/model.md, "Two worlds"."""

from sim.scenario.schema import Member, Scenario
from sim.scenario.schema.channels import CHANNELS, Animation, Listening, Presence, Recruiting, Selection, Web
from sim.scenario.schema.content import Content, Validation
from sim.scenario.schema.sales import Dialogue, Measurement
from sim.scenario.schema.team import Team

NOBODY = Member(sessions=(), max_hours_per_week=0.0)


def twin_of(scenario: Scenario) -> Scenario:
    """The scenario's zero-hours twin, with everything that cannot matter to it set to one value.

    So all scenarios that differ only in hours, split or practice share one twin, recognised by its content hash.
    """
    kind = scenario.twin_kind()
    without_team = scenario.replace(
        name="twin",
        description="",
        team=Team(hours_per_week=0.0, members={"nobody": NOBODY}, hire=NOBODY),
        presence=Presence(twin=kind),
        recruiting=Recruiting(),
        animation=Animation(),
        listening=Listening(),
        selection=Selection(),
        web=Web(),
        validation=Validation(),
    )
    if kind == "abandoned":
        return without_team
    return without_team.replace(channels=CHANNELS, content=Content(), dialogue=Dialogue(), measurement=Measurement())
