import pytest

from sim.calibrate.columns import Column, find_columns, read_mapping
from sim.calibrate.errors import ExportError

LEADS = (
    Column("lead", "key", ("Record ID", "Id")),
    Column("first_contact_on", "day", ("Create Date", "created")),
    Column("won_on", "day", ("Close Date",), needed=False),
)


def found(header, mapping=None):
    return find_columns(header, LEADS, mapping or {}, "leads.csv")


def refusal(header, mapping=None):
    with pytest.raises(ExportError) as caught:
        found(header, mapping)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "name", ["Create Date", "create_date", "CREATE-DATE", " [Create Date]", "CreateDate", "first_contact_on"]
)
def test_names_are_compared_without_case_and_signs(name):
    assert found(["x", name, "Id"]) == {"lead": 2, "first_contact_on": 1}


def test_all_missing_columns_are_named_with_the_nearest_and_how_to_map():
    message = refusal(["Creation Date", "Owner"])
    assert "no column for lead, first_contact_on; there are 'Creation Date', 'Owner'" in message
    assert "nearest to first_contact_on is 'Creation Date'" in message
    assert "--columns mapping.yaml and a line such as `lead: Record ID`" in message


def test_two_columns_for_one_name_need_a_mapping():
    message = refusal(["Id", "Create Date", "Created"])
    assert "the columns 'Create Date', 'Created' could each be first_contact_on" in message
    assert "`first_contact_on: Create Date`" in message
    assert found(["Id", "Create Date", "Created"], {"first_contact_on": "Created"})["first_contact_on"] == 2


def test_names_that_stand_twice():
    assert "two columns have the name 'Id' (columns 1 and 3)" in refusal(["Id", "Created", "Id"])
    assert "two columns have the name 'a' (columns 1 and 3)" in refusal(["a", "Created", "a"], {"lead": "a"})
    assert found(["x", "Created", "Id", "x"]) == {"lead": 2, "first_contact_on": 1}


def test_a_mapping_that_names_what_is_not_there():
    assert "did you mean 'Number'?" in refusal(["Numbr", "Number", "Created"], {"lead": "numbers"})
    assert "there are 'Number', 'Created'" in refusal(["Number", "Created"], {"lead": "zzz"})
    assert "did you mean lead?" in refusal(["Number", "Created"], {"led": "Number"})


def test_one_column_for_two_names_only_if_the_mapping_says_so():
    both = {"first_contact_on": "Day", "won_on": "Day"}
    assert found(["Id", "Day"], both) == {"lead": 0, "first_contact_on": 1, "won_on": 1}
    columns = (Column("a", "key", ("x",)), Column("b", "key", ("x",)))
    with pytest.raises(ExportError, match="the column 'X' could be a or b"):
        find_columns(["X"], columns, {}, "leads.csv")


def test_a_mapping_is_read(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text("first_contact_on: Create Date\nsources:\n  Organic Search: search\n", encoding="utf-8")
    mapping = read_mapping(path)
    assert mapping.columns == {"first_contact_on": "Create Date"}
    assert mapping.sources == {"Organic Search": "search"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "nothing in it"),
        ("- a\n", "not a mapping"),
        ("lead: [a]\n", "'lead' stands for is not text"),
        ("lead: 5\n", "in quotes"),
        ("sources: 5\n", "`sources` is not a mapping"),
        ("sources: {a: {b: c}}\n", "'a' stands for is not text"),
        ("lead: !!python/object:os.system x\n", "a tag"),
        ("lead: a\nlead: b\n", "given twice"),
        ("lead: 'a\n", "not YAML"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path, content, said):
    path = tmp_path / "mapping.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportError, match=said) as caught:
        read_mapping(path)
    assert "\n" not in str(caught.value)
    assert "mapping.yaml" in str(caught.value)


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(ExportError, match="no such file"):
        read_mapping(tmp_path / "mapping.yaml")
