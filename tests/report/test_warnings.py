"""Warnings in words, beside results, and from results to words."""

import json
import shutil
from dataclasses import asdict, replace

import numpy as np
import pytest

import sim
from sim.analysis import flips as flipping
from sim.analysis import ignorance
from sim.analysis import trip_wires as wiring
from sim.cli.warn import warn
from sim.experiment import ResultsError, beside
from sim.experiment.beside import rebuilt
from sim.experiment.early_signs import SIGNS, sign_name
from sim.experiment.flips import Flip, Flips, Tried
from sim.experiment.integrity import FLIPS, IGNORANCE, STAGES, TRIP_WIRES, WARNED, faults
from sim.experiment.pilots import AFTER
from sim.experiment.results import read
from sim.experiment.trip_wires import TripWires, choose
from sim.report.answers import one_page
from sim.report.answers.warnings import Warnings, flip_sentences
from sim.report.text.assumptions import meaning_of, unit_of
from sim.report.text.translation import told_in
from sim.report.text.words import are_few
from sim.workflows.warnings import WORLDS_EACH
from tests.small import small_results

PATHS = (
    "recruiting.minutes",
    "sales.margin",
    "market.segments.all.deal_value.median",
    "sales.load_exponent",
    "effects.no_reply",
)


SAME = {sign_name(sign, after): np.full(40, 7.0 if after < 4 else np.nan) for sign in SIGNS for after in AFTER}


def flips(count=4, hours=20.0):
    """So many of five assumptions flip, the first three of them told of: up from the likely value, then down."""
    values = [(20.0, 2.34567, 0.0), (0.5, 4.69134, 10.0), (20.0, 7.03701, 20.0)]  # end, where it flips, to which hours
    found = [
        Flip(path, 4.0, end, at, 0.0456, 0.2, to, 9.0, 8.0, 10.0)
        for path, (end, at, to) in zip(PATHS[: min(count, 3)], values, strict=False)
    ]
    tried = tuple(Tried(path, 4.0, 0.5, 20.0, number < count) for number, path in enumerate(PATHS))
    return Flips(hours, (5.0, 20.0), (1.0, 2.0), 12_345.0, 4, 1, 5, tried, tuple(found))


def wires(losing=20):
    """Of 40 sets so many lose; after a quarter reach parts them, after two nothing does; the horizon comes before four."""
    pays = np.arange(40) % 20 >= losing / 2
    signs = SAME | {sign_name("reach", 1): np.where(pays, 1234.0, 10.0)}
    return choose(20.0, np.where(pays, 1.0, -1.0), signs, 1)


def said(answer):
    notes = [note for table in answer.tables() for note in table.notes]
    return "\n".join([*answer.sentences(), *(" | ".join(row) for table in answer.tables() for row in table.rows), *notes])


def test_a_flip_is_told_with_its_value_and_what_the_reader_has():
    text = said(Warnings(flips(), wires(), "EUR"))
    assert "4 of the 5 most important assumptions flip the advice (20 h/week), each on its own." in text
    assert (
        'The advice flips to stop if "to approach one person" is above 2.35 min (±0.046; you have 4 min) [recruiting.minutes].'
        in text
    )
    assert 'The advice flips to 10 h/week if "' in text
    assert "is below 4.69 (±0.046; you have 4) [sales.margin]" in text
    assert "1 more flips it farther from its likely value." in text
    assert "sales.load_exponent | how much overload slows deals | 4 | 0.5 to 20 | farther off | –" in text
    assert "| does not flip within its range | –" in text
    assert "above 12,300 EUR" in text


def test_no_flip_is_said_to_be_none():
    text = said(Warnings(flips(count=0), wires(), "EUR"))
    assert "The advice (20 h/week) does not flip: the 5 most important assumptions were put to both ends" in text
    assert "flips to" not in text


IN_FEW = {
    "en": "Each value was tried in only 4 worlds. That is a trial: a decision takes 30.",
    "fr": "Chaque valeur n’a été essayée que dans 4 mondes. C’est un essai\u00a0: une décision en demande 30.",
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("count", [4, 0], ids=["flips", "no flips"])
def test_flips_of_few_worlds_are_a_trial_as_all_other_advice_is(language, count):
    of_4 = flips(count)
    with told_in(language):
        assert next(flip_sentences(of_4, "EUR")) == IN_FEW[language]
        assert IN_FEW[language][:20] not in said(Warnings(replace(of_4, worlds=10), wires(), "EUR"))
    assert Warnings(of_4, wires(), "EUR").to_dict()["flips"]["trial"]
    assert not Warnings(replace(of_4, worlds=10), wires(), "EUR").to_dict()["flips"]["trial"]


def test_what_is_asked_by_default_is_no_trial():
    """Whoever names no number of worlds is not told afterwards that it was too small, on either surface."""
    (option,) = (one for one in warn.params if one.name == "worlds")
    assert option.default == WORLDS_EACH
    assert not are_few(WORLDS_EACH)


def test_trip_wires_are_told_with_their_rates_and_silence_is_said():
    text = said(Warnings(flips(), wires(), "EUR"))
    assert "In 20 of 40 sets of assumptions 20 h/week pays." in text
    assert (
        "After 1 quarter, stop or change if posts seen are below 620: it rings falsely in 0 % (0 % to 21 %) of the sets" in text
    )
    assert "Of 10 sets in which it rings, 10 do not pay." in text
    assert "1 quarter | posts seen | 620 | 0 % (0 % to 21 %) | 0 % (0 % to 21 %)" in text
    assert "After 2 quarters the records show nothing yet." in text
    assert "2 quarters | shows nothing yet at this time" in text


def test_what_could_not_be_tested_is_said_with_what_to_expect():
    text = said(Warnings(flips(), wires(losing=4), "EUR"))
    assert "In 36 of 40 sets of assumptions 20 h/week pays; there is no trip-wire that could be tested." in text
    assert "After 1 quarter, where it pays, expect at least: " in text
    assert "posts seen 1,200" in text
    assert "These are not tested trip-wires." in text
    assert "silent" not in text
    assert "In only 2 of 40 sets" in said(Warnings(flips(), wires(losing=38), "EUR"))


def test_most_of_a_few_are_not_said_to_be_few():
    few = choose(20.0, np.array([1.0, 1.0, 1.0, -1.0]), {name: values[:4] for name, values in SAME.items()}, 1)
    assert "In 3 of 4 sets of assumptions 20 h/week pays; there is no trip-wire" in said(Warnings(flips(), few, "EUR"))


def test_assumptions_have_meanings_and_units():
    assert meaning_of("effects.no_reply") == "odds of renewal: a message is left without reply"
    assert meaning_of("market.segments.all.deal_value.median").startswith("first-year value of a won deal: ")
    assert unit_of("market.segments.all.deal_value.median", "EUR") == "EUR"
    assert unit_of("market.segments.all.deal_value.sigma", "EUR") == ""
    assert unit_of("market.segments.all.needs_per_year", "EUR") == "per year"


@pytest.fixture
def held(tmp_path):
    return small_results(tmp_path / "res", 1)


def test_what_was_found_is_kept_beside_the_results_and_read_back(held):
    assert flipping.stored(held) is None
    assert wiring.stored(held) is None
    flipping.keep(held, flips())
    wiring.keep(held, wires())
    assert flipping.stored(held) == flips()
    assert wiring.stored(held) == wires()
    assert not faults(held)
    assert flipping.table(flips())["assumption"].tolist() == list(PATHS)
    assert wiring.table(wires())["verdict"].tolist() == ["wire", "tells_nothing"]


def test_what_was_found_for_other_results_is_not_read(held, tmp_path):
    other = small_results(tmp_path / "other", 1, "team.hours_per_week=5,10")
    flipping.keep(held, flips())
    shutil.copy(held.folder / FLIPS, other.folder)
    assert flipping.stored(other) is None
    (held.folder / FLIPS).write_text("{")
    assert flipping.stored(held) is None


@pytest.mark.parametrize(
    ("kind", "made", "damage", "where"),
    [
        (Flips, flips, {"seed": None}, "Flips: damaged at seed"),
        (Flips, flips, {"levels": 5.0}, "Flips: damaged at levels"),
        (Flips, flips, {"tried": [{"path": "sales.margin"}]}, r"Flips: damaged at tried\.0\.value"),
        (TripWires, wires, {"wires": [3]}, r"TripWires: damaged at wires\.0"),
        (TripWires, wires, {"pay": "many"}, "TripWires: damaged at pay"),
    ],
)
def test_what_is_damaged_is_said_with_its_place_and_is_not_shown(held, kind, made, damage, where):
    """As JSON it is read back; with one thing wrong, one error names the place and the remedy, and nothing is shown."""
    said = json.loads(json.dumps(asdict(made())))
    assert rebuilt(kind, said) == made()
    with pytest.raises(ResultsError, match=f"{where} .*sim warn DIR"):
        rebuilt(kind, said | damage)
    name, module = (FLIPS, flipping) if kind is Flips else (TRIP_WIRES, wiring)
    beside.write(held, name, said | damage)
    assert module.stored(held) is None


@pytest.mark.slow
def test_from_results_to_warnings_and_back(tmp_path):
    held = small_results(tmp_path / "res", 2)
    answer = sim.warnings(held, most=2, members=10, worlds=2, sets=6)
    assert len(answer.flips.tried) == 2
    assert answer.flips.seed == 7  # that of the results
    assert answer.wires.members == 10
    assert flipping.stored(read(held.folder)) == answer.flips
    assert wiring.stored(read(held.folder)) == answer.wires
    assert ignorance.stored(read(held.folder)) == answer.decision
    assert [one.hours for one in answer.decision.levels] == [0.0, 5.0, 10.0, 20.0], (
        "those of the results, and that of the facts"
    )
    assert {FLIPS, TRIP_WIRES, WARNED} <= {path.name for path in held.folder.iterdir()}
    assert json.loads(json.dumps(answer.to_dict()))["flips"]["worlds"] == 2
    again = sim.warnings(held.folder, most=2, members=10, worlds=2, sets=6, workers=2)  # all worlds are kept
    assert said(again) == said(answer)


@pytest.mark.parametrize(
    ("name", "parts", "missed", "command"),
    [
        (FLIPS, one_page.warned, "what to watch and what would change the advice are left out", "sim warn {folder}"),
        (TRIP_WIRES, one_page.warned, "what to watch and what would change the advice are left out", "sim warn {folder}"),
        (STAGES, one_page.decided, "the plan in stages is left out", "sim plan SCENARIO --beside {folder}"),
    ],
)
def test_what_is_damaged_is_not_left_out_in_silence(held, name, parts, missed, command):
    flipping.keep(held, flips())
    wiring.keep(held, wires())
    for damaged in (None, '{"results": ', '{"results": "abc", "content": {}}'):
        if damaged is None:
            beside.write(held, name, {"hours": 4})
        else:
            (held.folder / name).write_text(damaged)
        (part,) = parts(held)
        assert part.sentences[0].startswith(f"{name} is damaged, or was written by another version of sim: {missed}.")
        assert part.sentences[0].endswith(command.format(folder=held.folder))


def test_an_answer_under_ignorance_that_is_damaged_is_said_to_be(held):
    """Not there: nothing is said. Cut short, or of another version: so much, and how to find it anew."""
    assert list(one_page.decided(held)) == []
    beside.write(held, IGNORANCE, {"sets": 4})
    for damaged in (None, '{"results": '):
        if damaged is not None:
            (held.folder / IGNORANCE).write_text(damaged)
        (part,) = one_page.decided(held)
        assert part.sentences[0].startswith("ignorance.json is damaged, or was written by another version of sim")
        assert f"sim warn {held.folder}" in part.sentences[0]
    assert ignorance.stored(held) is None
