"""What a scenario may say, a file a section."""

from sim.scenario.schema.base import ACTIVITIES, Activity, LogNormal, Section
from sim.scenario.schema.channels import Channel, Reaction
from sim.scenario.schema.content import Format, Kind
from sim.scenario.schema.market import Role, Segment
from sim.scenario.schema.sales import Stage
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.team import Member

__all__ = [
    "ACTIVITIES",
    "Activity",
    "Channel",
    "Format",
    "Kind",
    "LogNormal",
    "Member",
    "Reaction",
    "Role",
    "Scenario",
    "Section",
    "Segment",
    "Stage",
]
