"""The schema of a scenario, one file per section."""

from sim.scenario.schema.base import ACTIVITIES, Activity, LogNormal, Section
from sim.scenario.schema.channels import Channel, Reaction
from sim.scenario.schema.content import KINDS, Format, Kind, Reviewers, Source
from sim.scenario.schema.dialogue import ConversationKind, Talk
from sim.scenario.schema.market import Role, Segment
from sim.scenario.schema.population import Population
from sim.scenario.schema.sales import MOST_STAGES, Stage
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.team import Member

__all__ = [
    "ACTIVITIES",
    "KINDS",
    "MOST_STAGES",
    "Activity",
    "Channel",
    "ConversationKind",
    "Format",
    "Kind",
    "LogNormal",
    "Member",
    "Population",
    "Reaction",
    "Reviewers",
    "Role",
    "Scenario",
    "Section",
    "Segment",
    "Source",
    "Stage",
    "Talk",
]
