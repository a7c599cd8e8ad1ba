"""Every default of the schema says where it comes from, and says it truly."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from sim.scenario import Loaded, Scenario, evidence, schema
from sim.scenario.describe import describe
from sim.scenario.fields import Parameter, parameters
from sim.scenario.schema.base import LogNormal, Section
from sim.scenario.schema.population import Population

RECORDS = evidence.load()


def sections(section: type[Section] = Scenario) -> set[type[Section]]:
    inner = [kind for field in parameters(section).values() for kind in (field.section, field.entry) if kind is not None]
    return {section}.union(*(sections(kind) for kind in inner))


FIELDS = [
    pytest.param(field, id=f"{section.__name__}.{field.name}")
    for section in sorted(sections() | sections(Population), key=lambda section: section.__name__)
    if section is not LogNormal
    for field in parameters(section).values()
]


def test_every_section_of_the_schema_is_reached():
    public = {kind for kind in vars(schema).values() if isinstance(kind, type) and issubclass(kind, BaseModel)}
    assert public - {Section} <= sections() | sections(Population)
    assert len(FIELDS) > 120


@pytest.mark.parametrize("field", FIELDS)
def test_the_evidence_of_a_field_exists(field: Parameter):
    assert field.evidence in {"assumption", "choice", *RECORDS}
    assert field.description


def middle(default: object) -> float | None:
    """The default of a field that holds one number or a lognormal quantity."""
    if isinstance(default, LogNormal):
        return default.median
    return float(default) if isinstance(default, int | float) and not isinstance(default, bool) else None


@pytest.mark.parametrize("field", FIELDS)
def test_an_assumed_number_has_a_range_around_it(field: Parameter):
    default = middle(field.default)
    if default is None or (field.evidence != "assumption" and field.low is None and field.high is None):
        return
    assert field.low is not None
    assert field.high is not None
    assert field.low <= default <= field.high
    assert field.low < field.high


@pytest.mark.parametrize("field", FIELDS)
def test_the_range_of_a_number_is_possible(field: Parameter):
    if field.is_number and field.low is not None and field.high is not None:
        kind = field.annotation
        field.check(kind(field.low))
        if not {"lt", "gt"} & set(field.limits):
            field.check(kind(field.high))


def test_records_are_graded_and_cited():
    text = "".join(path.read_text(encoding="utf-8") for path in Path(schema.__file__).parent.glob("*.py"))
    for name, record in RECORDS.items():
        assert record.grade in evidence.GRADES
        assert record.title
        assert record.bears_on or re.search(rf"\b{name}\b", text), f"{name} is not cited by the schema, nor bears on anything"


def test_records_bear_on_assumptions_that_there_are():
    rows = {row.path: row for row in describe(Loaded(Scenario(name="defaults"), {}, {}))}
    for record in RECORDS.values():
        for path in record.bears_on:
            assert rows[path].tag == "assumed", path
            assert record.citation in rows[path].source
            assert record.note, "says how"


def test_a_record_is_cited_by_title_year_and_grade():
    assert RECORDS["day_one_list"].citation == "The Recipe for Content That Creates Mental Availability (2025, grade B)"
    assert RECORDS["adstock_halflife"].citation == "Advertising Lag: Decay Effect (grade C)"
