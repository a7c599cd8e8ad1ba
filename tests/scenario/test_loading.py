"""From files to scenarios: defaults, inheritance, ranges, origins, and every fault with its place and remedy."""

import math
import pickle

import pytest

from sim.scenario import Scenario, ScenarioError, apply, load, load_tagged
from sim.scenario.merging import Origin


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Writes files into a fresh working folder."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> None:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    return write


def fault(path: str = "a.yaml", *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    return str(caught.value)


def test_a_name_is_enough(folder):
    folder(a="name: x")
    assert load("a.yaml") == Scenario(name="x")


def test_what_is_given_replaces_defaults_and_nothing_else(folder):
    folder(a="name: x\nteam: {hours_per_week: 5}")
    assert load("a.yaml") == Scenario(name="x", team=Scenario(name="x").team.model_copy(update={"hours_per_week": 5.0}))


def test_a_section_given_in_part_keeps_the_rest_of_its_own_default(folder):
    folder(a="name: x\nteam: {hire: {cost_per_hour: 60}}")
    hire = load("a.yaml").team.hire
    assert (hire.cost_per_hour, hire.starting_speed, hire.onboarding_hours) == (60.0, 0.6, 20.0)


def test_a_named_collection_holds_what_is_given(folder):
    folder(a="name: x\nmarket: {segments: {small: {share: 0.5}, large: {share: 0.5, needs_per_year: 0.3}}}")
    assert list(load("a.yaml").market.segments) == ["small", "large"]


WRONG = [
    ("name", "team: {}", "a.yaml:1: name: this must be given; add `name: ...`"),
    (
        "misspelt",
        "name: x\nteam:\n  hours_per_wek: 3",
        "a.yaml:3: team.hours_per_wek: there is no such key here; did you mean team.hours_per_week?",
    ),
    (
        "misplaced",
        "name: x\nhours_per_week: 3",
        "a.yaml:2: hours_per_week: there is no such key here; did you mean team.hours_per_week?",
    ),
    (
        "unknown",
        "name: x\nweb:\n  qqq: 3",
        "a.yaml:3: web.qqq: there is no such key here; known are visits_per_week, share_search",
    ),
    (
        "in an entry",
        "name: x\nchannels:\n  tv:\n    rech: 1",
        "a.yaml:4: channels.tv.rech: there is no such key here; did you mean channels.tv.reach?",
    ),
    (
        "entry",
        "name: x\ncontent: {formats: {rww: {}}}",
        "a.yaml:2: content.formats.rww: there is no such key here; did you mean content.formats.raw?",
    ),
    (
        "too small",
        "name: x\nteam: {hours_per_week: -3}",
        "a.yaml:2: team.hours_per_week: -3 is too small; give a number from 0 to 1000, in h/week",
    ),
    ("too large", "name: x\nsales: {margin: 1.5}", "a.yaml:2: sales.margin: 1.5 is too large; give a number from 0 to 1"),
    (
        "open end",
        "name: x\ncustomers: {renewal_share: 1}",
        "customers.renewal_share: 1 is too large; give a number above 0, below 1",
    ),
    (
        "text for number",
        "name: x\nteam: {hours_per_week: 1_0}",
        "'1_0' is not possible here; give a number from 0 to 1000, in h/week, as digits",
    ),
    (
        "fraction of people",
        "name: x\nvalidation: {reviewers: {expert: {people: 2.5}}}",
        "validation.reviewers.expert.people: 2.5 is not possible here; give a whole number from 0 to 1000, in people",
    ),
    (
        "switch for number",
        "name: x\nteam: {hours_per_week: true}",
        "team.hours_per_week: true is not possible here; give a number",
    ),
    (
        "number for text",
        "name: 2012",
        "a.yaml:1: name: 2012 is not possible here; give text on one line of 1 to 200 characters, in quotes",
    ),
    ("no name", "name: ''", "a.yaml:1: name: '' is too short; give text on one line of 1 to 200 characters"),
    ("name on two lines", 'name: "a\\nb"', "a.yaml:1: name: a name has letters, digits, blanks and signs"),
    (
        "currency",
        "name: x\ncurrency: euro",
        "a.yaml:2: currency: 'euro' is not possible here; give text on one line such as EUR",
    ),
    ("date", "name: x\ntime: {start: soon}", "time.start: 'soon' is not possible here; give a date such as 2012-01-02"),
    (
        "choice",
        "name: x\npresence: {twin: gone}",
        "presence.twin: 'gone' is not possible here; give one of auto, absent, abandoned",
    ),
    (
        "list item",
        "name: x\ncalendar:\n  weekdays:\n    - 1\n    - b",
        "a.yaml:5: calendar.weekdays.1: 'b' is not possible here; give a list of whole numbers",
    ),
    (
        "months",
        "name: x\nmarket: {seasons: {leads: [1, 2]}}",
        "market.seasons.leads: a list is too short; give a list of 12 numbers",
    ),
    (
        "slot",
        "name: x\nteam: {members: {a: {sessions: [Mo]}}}",
        "team.members.a.sessions.0: 'Mo' is not possible here; give a list of texts, such as [Tue 09:30",
    ),
    (
        "empty section",
        "name: x\nteam:",
        "a.yaml:2: team: nothing (null) is not possible here; give a mapping of hours_per_week",
    ),
    ("list for section", "name: x\nteam: [1]", "a.yaml:2: team: a list is not possible here; give a mapping of hours_per_week"),
    (
        "null entry",
        "name: x\nmarket: {segments: {s: null}}",
        "market.segments.s: nothing (null) is not possible here; null removes an inherited entry, and there is none",
    ),
    (
        "sum",
        "name: x\nteam:\n  hours_per_week: 3\n  split: {content: 0.9}",
        "a.yaml:4: team.split: the shares of team.split must sum to 1, not 1.56",
    ),
    (
        "order of weeks",
        "name: x\ntime:\n  horizon_weeks: 10\n  warm_up_weeks: 20",
        "a.yaml:4: time: warm_up_weeks must be smaller than horizon_weeks",
    ),
    (
        "across sections",
        "name: x\n\nchannels: {network: {}}\ncontent: {formats: {raw: {mix: 1.0, channels: [micro_blog]}}}",
        "a.yaml:4: content.formats.raw.channels names 'micro_blog'; channels has network",
    ),
    ("spread only", "name: x\nsales: {cycle_weeks: {sigma: 1}}", "a.yaml:2: sales.cycle_weeks: a lognormal needs its median"),
    (
        "two spreads",
        "name: x\nsales: {cycle_weeks: {median: 1, mean: 2, p90: 3}}",
        "a.yaml:2: sales.cycle_weeks: a lognormal takes one of sigma, mean and p90, not mean and p90",
    ),
    (
        "mean below median",
        "name: x\nsales: {cycle_weeks: {median: 3, mean: 2}}",
        "sales.cycle_weeks: the mean of a lognormal is at least its median",
    ),
    (
        "first of several",
        "name: x\nvalidation: {chase_minutes: 0}\nteam: {hours_per_week: -3}",
        "a.yaml:2: validation.chase_minutes: 0 is too small",
    ),
    (
        "hours without sessions",
        "name: x\nteam:\n  members:\n    ann: {max_hours_per_week: 10, sessions: []}",
        "a.yaml:4: team.members.ann: max_hours_per_week is 10, but there are no sessions to give them in; name some, such as"
        " [Tue 09:30], or set max_hours_per_week to 0",
    ),
    (
        "channel that is not there",
        "name: x\ncontent:\n  formats:\n    raw: {mix: 1.0, channels: [network, forum]}",
        "a.yaml:4: content.formats.raw.channels names 'forum'; channels has network, micro_blog, blog",
    ),
    (
        "source that is not there",
        "name: x\ncontent:\n  formats:\n    raw: {mix: 1.0,\n      sources: [forum]}",
        "a.yaml:5: content.formats.raw.sources names 'forum'; content.sources has news, documents, ideas",
    ),
    ("no source", "name: x\ncontent:\n  formats:\n    raw: {mix: 1.0, sources: []}", "raw.sources: a list is too short"),
    (
        "reviewers whom nobody staffs",
        "name: x\nvalidation:\n  reviewers:\n    lawyers: {people: 0, share_original: 0.2}",
        "a.yaml:4: validation.reviewers.lawyers must see drafts but has no people; give people at least 1, or set"
        " share_raw, share_adapted and share_original to 0",
    ),
    (
        "planned without format",
        "name: x\ncontent:\n  formats: {raw: {mix: 1.0}}\n  planned:\n    launch: {kind: original}",
        "a.yaml:5: content.planned.launch is original; content.formats has raw",
    ),
    (
        "ideas without a source",
        "name: x\nweak_signals: {ideas_go_to: nowhere}",
        "a.yaml:2: weak_signals.ideas_go_to names 'nowhere'; content.sources has news, documents, ideas",
    ),
    ("no such day", "name: x\ncalendar: {holidays: [02-30]}", "a.yaml:2: calendar: holidays has 02-30, which is not a day"),
    ("no such week", "name: x\nteam: {members: {a: {away_weeks: [60]}}}", "away_weeks are ISO week numbers from 1 to 53"),
    (
        "key that has moved",
        "name: x\nvalidation: {hours_per_week: 2}",
        "validation.hours_per_week: there is no such key here; did you mean validation.reviewers.expert.hours_per_week?",
    ),
    (
        "sessions that overlap",
        "name: x\nteam:\n  members:\n    a: {sessions: [Fri 10:00, Fri 11:00], max_hours_per_week: 3}",
        "a.yaml:4: team.members.a: a session of longest_session_hours (2 h) does not end before the next one begins",
    ),
    (
        "name of a hire",
        "name: x\nteam:\n  members:\n    hire_1: {}",
        "a.yaml:4: team.members.hire_1: this is what a hire is called; give the member another name",
    ),
    (
        "session past closing time",
        "name: x\nteam:\n  members:\n    a: {sessions: [Fri 17:00], max_hours_per_week: 2}",
        "team: a has a session on Fri 17:00 that may last until 19 h, after calendar.closes_at (18)",
    ),
    ("number of the others", "name: x\nvalidation: {chase_minutes: 0}\nteam: {hours_per_week: -3}", "(and 1 more)"),
    ("syntax", "name: x\nteam: {hours", "not YAML"),
]


@pytest.mark.parametrize(("text", "fragment"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_faults_are_placed_and_mendable(folder, text, fragment):
    folder(a=text)
    assert fragment in fault()


def test_a_fault_among_several_is_the_first_in_the_file(folder):
    folder(a="name: x\nteam: {hours_per_week: -3}\nvalidation: {reviewers: 0}\ncurrency: e")
    assert fault().startswith("a.yaml:2: team.hours_per_week")
    assert fault().splitlines()[0].endswith("(and 2 more)")


def test_all_faults_are_listed_with_their_remedies_in_the_order_of_the_lines(folder):
    folder(
        a="team:\n  hours_per_wek: 3\nsales: {margin: 1.5}\nmarket:\n  accounts: '18,000'\n"
        "  customers: {low: 3, likely: 2, high: 4}\nweb: 3"
    )
    assert fault().splitlines() == [
        "a.yaml:1: name: this must be given; add `name: ...`, text on one line of 1 to 200 characters (and 5 more)",
        "a.yaml:2: team.hours_per_wek: there is no such key here; did you mean team.hours_per_week?",
        "a.yaml:3: sales.margin: 1.5 is too large; give a number from 0 to 1",
        "a.yaml:5: market.accounts: '18,000' is not possible here; give a whole number from 0 to 200000, in accounts, as digits"
        " with at most a point; write 18000",
        "a.yaml:6: market.customers: low 3, likely 2, high 4 are not in order; give low <= likely <= high",
        "a.yaml:7: web: 3 is not possible here; give a mapping of visits_per_week, share_search",
    ]


def test_faults_of_several_files_are_listed_those_of_the_child_first(folder):
    folder(b="name: base\nsales: {margin: 7}\nteam: {hours_per_week: -1}", a="extends: b.yaml\n\n\nweb: {share_search: 2}")
    assert [line.split(" ")[0] for line in fault().splitlines()] == ["a.yaml:4:", "b.yaml:2:", "b.yaml:3:"]


def test_twenty_faults_are_listed_and_the_others_counted(folder):
    folder(a="name: x\n" + "\n".join(f"key_{number}: 1" for number in range(25)))
    first, *others, last = fault().splitlines()
    assert first.endswith("(and 24 more)")
    assert [line.split(" ")[0] for line in others] == [f"a.yaml:{number}:" for number in range(3, 22)]
    assert last == "and 5 more"
    folder(a="name: x\n" + "\n".join(f"key_{number}: 1" for number in range(20)))
    assert fault().splitlines()[-1].startswith("a.yaml:21:")


def test_one_error_holds_all_faults(folder):
    folder(a="name: x\nsales: {margin: 7}\nteam: {hours_per_week: -1}")
    with pytest.raises(ScenarioError) as caught:
        load("a.yaml")
    one, two = caught.value.each()
    assert (one.line, one.key, one.remedy) == (2, "sales.margin", "give a number from 0 to 1")
    assert (two.line, two.key) == (3, "team.hours_per_week")
    assert caught.value.first_line == f"{one} (and 1 more)"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), len(copy.further)) == (str(caught.value), 1)


def test_a_faulty_range_hides_only_what_follows_from_it(folder):
    folder(
        a="name: x\nmarket: {segments: {all: {deal_value: {median: {low: 1, likely: a, high: 3}, mean: 10}}}}\n"
        "team: {split: {content: {low: 0.1, likely: 0.9}}}\nweb: {share_search: 3}"
    )
    keys = ["market.segments.all.deal_value.median.likely", "team.split.content", "web.share_search"]
    assert [line.split(": ")[1] for line in fault().splitlines()] == keys


DEFAULTS = [
    ("hours_policy: {starts_week: 200}", "; time.horizon_weeks is not given, so it has its default"),
    ("time: {horizon_weeks: 10}\nhours_policy: {starts_week: 20}", "give a week before time.horizon_weeks (10)"),
    ("market: {customers: 3000}", "cannot outnumber accounts (2000); accounts is not given, so it has its default"),
    ("time: {warm_up_weeks: 200}", "smaller than horizon_weeks; horizon_weeks is not given, so it has its default"),
    (
        "channels: {network: {engagement_mix: {share: 0.9, click: 0.3}}}",
        "(reaction 0.55, comment 0.08, share 0.9, click 0.3); reaction, comment are not given, so they have their defaults",
    ),
]


@pytest.mark.parametrize(("text", "end"), DEFAULTS)
def test_a_fault_that_names_what_was_not_given_says_so(folder, text, end):
    folder(a=f"name: x\n{text}")
    assert fault().endswith(end)


def test_a_fault_of_an_override_says_what_is_a_default(folder):
    folder(a="name: x", b="name: x\nchannels: {network: {}, tv: {}}\ncontent: {formats: {raw: {mix: 1, channels: [tv]}}}")
    said = fault("a.yaml", "channels.network=null")
    assert said.startswith(
        "--set channels.network: content.formats.raw.channels names 'network'; channels has micro_blog, blog;"
    )
    assert said.endswith("content.formats.raw.channels is not given, so it has its default")
    assert fault("b.yaml", "channels.tv=null").endswith("channels has network")
    with pytest.raises(ScenarioError, match=r"content\.formats\.raw\.channels is as in the scenario$"):
        apply(Scenario(name="x"), {"channels.network": None})


NUMBERS = [
    ("market.accounts", "'18,000'", "write 18000"),
    ("market.accounts", "18 000", "write 18000"),
    ("market.accounts", "18'000", "write 18000"),
    ("market.accounts", "18_000", "write 18000"),
    ("market.accounts", '"18\\u202f000"', "write 18000"),
    ("web.visits_per_week", "1.234.567", "write 1234567"),
    ("web.visits_per_week", "'12,345.678'", "write 12345.678"),
    ("web.share_search", "'0,5'", "write 0.5"),
    ("web.share_search", "'0,125'", "write 0.125"),
    ("web.share_search", "30%", "write 0.3"),
    ("web.share_search", "2,5 %", "write 0.025"),
    ("web.share_search", "'1,500'", "with at most a point"),
    ("web.share_search", "half", "with at most a point"),
    ("market.accounts", "1_0", "with at most a point"),
]


@pytest.mark.parametrize(("path", "value", "end"), NUMBERS)
def test_a_number_written_otherwise_is_read_back(folder, path, value, end):
    section, field = path.split(".")
    folder(a=f"name: x\n{section}:\n  {field}: {value}")
    assert fault().endswith(end)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "market: {accounts: 18,000}",
            "the key '000' is not text; a comma begins a new entry here; if you mean one number, write 18000",
        ),
        ("channels: {x: {reach: 0,25}}", "if you mean one number, write 0.25"),
        ("channels: {x: {}, 25: {}}", "the key '25' is not text; write it in quotes if it is meant"),
        ("channels: {25: {}}", "write it in quotes if it is meant"),
    ],
)
def test_a_number_cut_by_a_comma_is_put_together(folder, text, end):
    folder(a=f"name: x\n{text}")
    assert fault().endswith(end)


def test_a_child_overrides_its_parent(folder):
    folder(
        b="name: base\nteam: {hours_per_week: 5, switching_minutes: 1}\ncalendar: {closed_weeks: [1, 2, 3]}",
        a="extends: b.yaml\nname: child\nteam: {hours_per_week: 7}\ncalendar: {closed_weeks: [4]}",
    )
    child = load("a.yaml")
    assert (child.name, child.team.hours_per_week, child.team.switching_minutes) == ("child", 7.0, 1.0)
    assert child.calendar.closed_weeks == (4,)


def test_the_parent_is_sought_from_the_folder_of_the_child(folder, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.yaml").write_text("extends: ../b.yaml\n")
    folder(b="name: base")
    assert load("deep/c.yaml").name == "base"


def test_null_removes_an_inherited_entry(folder):
    folder(
        b="name: base\nmarket: {segments: {small: {share: 1}, large: {share: 0}}}",
        a="extends: b.yaml\nmarket: {segments: {large: null}}",
    )
    assert list(load("a.yaml").market.segments) == ["small"]


def test_a_lognormal_with_its_median_is_replaced_whole_and_keeps_its_median_otherwise(folder):
    folder(
        b="name: base\nsales: {cycle_weeks: {median: 10, p90: 20}}",
        a="extends: b.yaml\nsales: {cycle_weeks: {median: 12}}",
        c="extends: b.yaml\nsales: {cycle_weeks: {sigma: 0.3}}",
    )
    assert vars(load("a.yaml").sales.cycle_weeks) == {"median": 12.0, "sigma": 0.0}
    assert vars(load("c.yaml").sales.cycle_weeks) == {"median": 10.0, "sigma": 0.3}


def test_a_range_replaces_a_number_and_the_reverse(folder):
    folder(
        b="name: base\nteam: {hours_per_week: {low: 1, likely: 2, high: 3}, switching_minutes: 4}",
        a="extends: b.yaml\nteam: {hours_per_week: 5, switching_minutes: {low: 1, likely: 2, high: 3}}",
    )
    assert load_tagged("b.yaml").ranges == {("team", "hours_per_week"): (1, 2, 3)}
    loaded = load_tagged("a.yaml")
    assert loaded.ranges == {("team", "switching_minutes"): (1, 2, 3)}
    assert (loaded.scenario.team.hours_per_week, loaded.scenario.team.switching_minutes) == (5.0, 2.0)


def test_faults_inherited_name_the_parent(folder):
    folder(b="name: base\nteam:\n  hours_per_week: -1", a="extends: b.yaml\nname: x", c="name: [", d="extends: c.yaml")
    assert fault().startswith("b.yaml:3: team.hours_per_week: -1 is too small")
    assert fault("d.yaml").startswith("c.yaml:1: not YAML")


def test_the_fault_of_a_child_comes_before_its_parents(folder):
    folder(b="name: base\nteam: {hours_per_week: -1}", a="extends: b.yaml\n\n\nweb: {share_search: 2}")
    assert fault().startswith("a.yaml:4: web.share_search")


EXTENDS = [
    ("misspelt", "name: x\nextends: bb.yaml", "a.yaml:2: extends: bb.yaml: no such file; did you mean b.yaml?"),
    ("itself", "extends: a.yaml", "a.yaml:1: extends: the file extends itself, by way of a.yaml"),
    ("itself in a circle", "extends: circle.yaml", "circle.yaml:1: extends: the file extends itself, by way of a.yaml"),
    ("folder", "extends: .", "a.yaml:1: extends: .: this is a folder"),
    ("number", "extends: 3", "a.yaml:1: extends: 3 is not a file name"),
    ("empty", "extends:", "a.yaml:1: extends: None is not a file name"),
    ("null byte", 'extends: "a\\0b"', "a.yaml:1: extends: "),
]


@pytest.mark.parametrize(("text", "fragment"), [case[1:] for case in EXTENDS], ids=[case[0] for case in EXTENDS])
def test_faults_of_extends(folder, text, fragment):
    folder(a=text, b="name: base", circle="extends: a.yaml")
    assert fragment in fault()


def test_chains_are_followed_ten_deep_and_no_deeper(folder):
    folder(f0="name: base", **{f"f{n}": f"extends: f{n - 1}.yaml" for n in range(1, 12)})
    assert load("f10.yaml").name == "base"
    assert "f1.yaml:1: extends: more than 10 files extend one another" in fault("f11.yaml")


RANGES = [
    ("incomplete", "{low: 1, likely: 2}", "a.yaml:3: team.hours_per_week: a range has low, likely and high, and nothing else"),
    ("more", "{low: 1, likely: 2, high: 3, mode: 2}", "a range has low, likely and high, and nothing else"),
    (
        "out of bounds",
        "{low: 1, likely: 2, high: 2000}",
        "a.yaml:3: team.hours_per_week.high: 2000 is not possible; give a number from 0 to 1000",
    ),
    ("text", "{low: a, likely: 2, high: 3}", "team.hours_per_week.low: 'a' is not possible"),
    ("order", "{low: 3, likely: 2, high: 4}", "low 3, likely 2, high 4 are not in order; give low <= likely <= high"),
    ("order above", "{low: 1, likely: 5, high: 4}", "are not in order"),
]


@pytest.mark.parametrize(("text", "fragment"), [case[1:] for case in RANGES], ids=[case[0] for case in RANGES])
def test_faults_of_ranges(folder, text, fragment):
    folder(a=f"name: x\nteam:\n  hours_per_week: {text}")
    assert fragment in fault()


def test_ranges_go_into_entries_and_lognormals(folder):
    folder(
        a="name: x\nmarket: {segments: {all: {deal_value: {median: {low: 1, likely: 2, high: 3}, mean: 4}}}}\n"
        "validation: {reviewers: {expert: {people: {low: 1, likely: 2, high: 3}}}}"
    )
    loaded = load_tagged("a.yaml")
    assert loaded.ranges == {
        ("market", "segments", "all", "deal_value", "median"): (1, 2, 3),
        ("validation", "reviewers", "expert", "people"): (1, 2, 3),
    }
    assert loaded.scenario.market.segments["all"].deal_value.mean == pytest.approx(4.0)


def test_origins_are_known(folder):
    folder(b="name: base\nteam: {hours_per_week: 5,\n  switching_minutes: 1}", a="extends: b.yaml\nteam: {hours_per_week: 7}")
    origins = load_tagged("a.yaml", ["web.share_search=0.1"]).origins
    assert origins == {
        ("name",): Origin("b.yaml", 1),
        ("team",): Origin("a.yaml", 2),
        ("team", "hours_per_week"): Origin("a.yaml", 2),
        ("team", "switching_minutes"): Origin("b.yaml", 3),
        ("web", "share_search"): Origin("--set web.share_search"),
    }


def test_what_is_removed_or_replaced_has_no_origin_any_more(folder):
    folder(
        b="name: base\nmarket: {segments: {small: {share: 1}, large: {share: 0}}}\n"
        "team: {hours_per_week: {low: 1, likely: 2, high: 3}}",
        a="extends: b.yaml\nmarket: {segments: {large: null}}\nteam: {hours_per_week: 3}",
    )
    origins = load_tagged("a.yaml").origins
    assert ("market", "segments", "small", "share") in origins
    assert not [path for path in origins if "large" in path or "likely" in path]


def value_of(scenario):
    value = scenario.market.segments["all"].deal_value
    return value.mean, value.sigma


def test_a_plain_number_is_the_mean_of_a_lognormal_with_the_usual_spread(folder):
    usual = Scenario(name="x").market.segments["all"].deal_value.sigma
    folder(a="name: x\nmarket: {segments: {all: {deal_value: 18000}}}")
    found = load_tagged("a.yaml")
    assert value_of(found.scenario) == pytest.approx((18_000.0, usual))
    median = ("market", "segments", "all", "deal_value", "median")
    assert found.origins[median] == Origin("a.yaml", 2)
    assert (*median[:-1], "sigma") not in found.origins, "the spread is assumed"
    assert value_of(load("a.yaml", ["market.segments.all.deal_value=7000"])) == pytest.approx((7_000.0, usual))


def test_a_plain_number_replaces_an_inherited_quantity_and_is_replaced_by_one(folder):
    usual = Scenario(name="x").market.segments["all"].deal_value.sigma
    folder(
        a="name: x\nmarket: {segments: {all: {deal_value: {median: 5000, sigma: 0.1}}}}",
        b="extends: a.yaml\nmarket: {segments: {all: {deal_value: 18000}}}",
        c="extends: b.yaml\nmarket: {segments: {all: {deal_value: {median: 9000, sigma: 0.2}}}}",
    )
    assert value_of(load("b.yaml")) == pytest.approx((18_000.0, usual))
    assert load("c.yaml").market.segments["all"].deal_value.median == 9_000.0


def test_low_likely_and_high_of_a_lognormal_are_those_of_its_mean(folder):
    folder(a="name: x\nsales: {cycle_weeks: {low: 12, likely: 16, high: 30}}")
    found = load_tagged("a.yaml")
    spread = Scenario(name="x").sales.cycle_weeks.sigma
    assert found.scenario.sales.cycle_weeks.mean == pytest.approx(16.0)
    assert found.scenario.sales.cycle_weeks.sigma == spread
    (medians,) = found.ranges.values()
    assert [median * math.exp(0.5 * spread**2) for median in medians] == pytest.approx([12.0, 16.0, 30.0])
    assert list(found.ranges) == [("sales", "cycle_weeks", "median")]


def test_what_is_no_number_is_told_that_one_is_enough(folder):
    folder(a="name: x\nmarket: {segments: {all: {deal_value: 18k}}}")
    assert fault() == (
        "a.yaml:2: market.segments.all.deal_value: '18k' is not possible here; give a number, its mean, or a mapping of"
        " median, sigma, mean, p90"
    )
    folder(a="name: x\nmarket: {segments: {all: {deal_value: -5}}}")
    assert fault().startswith("a.yaml:2: market.segments.all.deal_value.median: -5 is too small")


def going(scenario):
    return {kind: form.channels for kind, form in scenario.content.formats.items()}


def test_a_format_goes_where_it_usually_does_as_far_as_there_are_such_channels(folder):
    folder(a="name: x\nchannels: {network: {}, blog: {}}")
    assert going(load("a.yaml")) == {"raw": ("network",), "adapted": ("network",), "original": ("network", "blog")}
    folder(a="name: x\nchannels: {podcast: {users: 0.2}}")
    assert set(going(load("a.yaml")).values()) == {("podcast",)}
    folder(a="name: x\nchannels: {network: {}, blog: {}}\ncontent: {formats: {raw: {mix: 1.0, channels: [blog]}}}")
    assert going(load("a.yaml")) == {"raw": ("blog",)}
    assert going(load("a.yaml", ["content.formats.raw.quality=0.6"])) == {"raw": ("blog",)}
    assert going(Scenario(name="x")) == going(Scenario(name="x", channels=Scenario(name="y").channels))


def test_a_channel_is_what_its_name_says(folder):
    usual = Scenario(name="x").channels
    folder(a="name: x\nchannels: {LinkedIn: {users: 0.6}, x: {}, blog: {}}")
    found = load("a.yaml")
    assert found.channels["LinkedIn"] == usual["network"].model_copy(update={"users": 0.6})
    assert found.channels["x"] == usual["micro_blog"]
    assert going(found)["original"] == ("LinkedIn", "x", "blog")
    folder(a="name: x\nchannels: {linkedin: {user: 0.6}}")
    assert "a.yaml:2: channels.linkedin.user: there is no such key" in fault()


def test_her_first_file_is_a_scenario(folder):
    """Each of its last three lines was an error of its own."""
    folder(
        a="name: her firm\ntime: {start: 2026-01-05}\nmarket:\n  accounts: 800\n  segments: {all: {deal_value: 18000}}\n"
        "channels: {linkedin: {users: 0.6}, blog: {users: 0.2}}"
    )
    assert going(load("a.yaml")) == {"raw": ("linkedin",), "adapted": ("linkedin",), "original": ("linkedin", "blog")}
