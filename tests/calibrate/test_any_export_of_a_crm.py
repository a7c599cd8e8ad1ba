"""Any export of a CRM gives a right number or is refused in one line: shuffled columns, decorated words, totals, currencies."""

import csv
import datetime as dt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calibrate.columns import ColumnMapping
from sim.calibrate.deals import read_deals
from sim.calibrate.errors import ExportError
from sim.calibrate.leads import Dates, read_leads
from sim.calibrate.look import look
from sim.calibrate.renewals import read_renewals

AS_OF = dt.date(2025, 12, 31)
FIRST = dt.date(2024, 1, 1)
WORDS = {
    "won": [
        "Won",
        "Closed Won",
        "closedwon",
        "Ganado",
        "Gagné",
        "Gewonnen",
        "Vinto",
        "Ganho",
        "Cerrado ganado",
        "Chiuso vinto",
    ],
    "lost": ["Lost", "Closed Lost", "closedlost", "Perdido", "Perdu", "Verloren", "Perso", "Disqualified"],
    "open": ["Open", "Negotiation", "Proposal", "Angebot", "Propuesta", "Devis", "Trattativa", "Offerte"],
    "unknown": ["Etapa 7", "Ausgang", "???", "Won/Lost", "Closed"],
}
DECORATED = st.sampled_from(["{}", "6 - {}", "{} (Sales Pipeline)", "{} ✅", "[EMEA] {}", "  {} ", "{} 100%", "02. {}"])
HEADERS = {
    "id": ["Deal ID", "Record ID", "Deal - ID", "id", "Opportunity ID"],
    "value": ["Amount", "Deal - Value", "Betrag", "Montant", "Importe", "value"],
    "stage": ["Stage", "StageName", "Deal - Status", "Etapa", "Statut", "outcome", "Phase"],
    "created": ["Create Date", "Created Date", "Erstellt am", "Date de création", "first_contact_on"],
    "closed": ["Close Date", "Closing Date", "Fecha de cierre", "Abschlussdatum", "closed_on"],
    "currency": ["Currency", "Deal - Currency of Value", "Amount Currency", "Währung"],
}
TOTALS = ["", "Grand Total", "Gesamt", "Total général", "Suma"]
DAYS = st.none() | st.dates(FIRST, AS_OF)
ROWS = st.lists(
    st.tuples(st.sampled_from(["won", "lost", "open"]), st.integers(1, 10**6), DAYS, DAYS, st.integers(0, 7)), max_size=60
)
ANSWERS = ["yes", "no", "Renewed", "Churned", "Ja", "Nein", "perhaps", "Open", ""]
MANY = 1_000  # files in the slow test; 5,000 take five minutes
FUZZED = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@st.composite
def exports(draw):
    """Rows of a made-up CRM, how it spells them, and which of its words nobody understands."""
    rows = draw(ROWS)
    words = {kind: [draw(DECORATED).format(one) for one in WORDS[kind]] for kind in ("won", "lost", "open")}
    if draw(st.integers(0, 4)) == 0:
        words[draw(st.sampled_from(["won", "lost", "open"]))] = [draw(st.sampled_from(WORDS["unknown"]))]
    names = {key: draw(st.sampled_from(choice)) for key, choice in HEADERS.items()}
    order = draw(st.permutations(list(HEADERS)))
    left_out = draw(st.sets(st.sampled_from(["id", "stage", "created", "closed", "currency"]), max_size=2))
    currencies = draw(st.sampled_from([["EUR"], ["EUR"], ["EUR", "JPY"]]))
    return rows, words, names, [key for key in order if key not in left_out], currencies, draw(st.sampled_from(TOTALS))


def write(path, made):
    """Write the file; a value of a deal that is not won is a thousand times as large."""
    rows, words, names, columns, currencies, total = made
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow([names[key] for key in columns])
        for number, (kind, value, created, closed, place) in enumerate(rows):
            cells = {
                "id": f"k{number}", "value": value if kind == "won" else 1000 * value,
                "stage": words[kind][place % len(words[kind])],
                "created": created or "", "closed": closed or "", "currency": currencies[number % len(currencies)],
            }  # fmt: skip
            out.writerow([cells[key] for key in columns])
        if total:
            label = next((key for key in columns if key in ("id", "stage")), columns[0])
            out.writerow([total if key == label else 123456789 if key == "value" else "" for key in columns])
    return path


def read_or_refused(read):
    try:
        return read()
    except ExportError as error:
        message = str(error)
    assert "\n" not in message
    return None


@FUZZED
@given(made=exports())
def test_values_of_deals_are_right_or_refused(tmp_path, made):
    values_are_right_or_refused(tmp_path, made)


@FUZZED
@given(made=exports())
def test_leads_are_won_lost_or_open_as_they_are_or_refused(tmp_path, made):
    leads_are_right_or_refused(tmp_path, made)


@pytest.mark.slow
@settings(FUZZED, max_examples=MANY)
@given(made=exports())
def test_many_exports_are_right_or_refused(tmp_path, made):
    """Each file is read as deals and as leads."""
    values_are_right_or_refused(tmp_path, made)
    leads_are_right_or_refused(tmp_path, made)


def values_are_right_or_refused(tmp_path, made):
    rows, words, _, columns, currencies, _ = made
    path = write(tmp_path / "any.csv", made)
    found = read_or_refused(lambda: read_deals(path))
    read_or_refused(lambda: look(path))
    if found is None:
        return
    assert "stage" in columns
    assert not set(words["won"]) & set(WORDS["unknown"])
    won = [(value, number) for number, (kind, value, *_) in enumerate(rows) if kind == "won"]
    assert "currency" not in columns or len({currencies[number % len(currencies)] for _, number in won}) == 1
    dated = {"created", "closed"} <= set(columns)
    told = [
        value
        for kind, value, created, closed, _ in rows
        if kind == "won" and dated and created and closed and created <= closed
    ]
    if len(told) >= max(10, len(won) / 2):  # they also tell what is not won yet, as test_truncation.py has it
        assert sorted(found.export.frame["value"]) == sorted(told)
        assert all(0.0 <= one.low <= one.value <= one.high < np.inf for one in found.estimates)
        return
    assert found.estimates[0].value == pytest.approx(float(np.exp(np.mean(np.log([value for value, _ in won])))))


def leads_are_right_or_refused(tmp_path, made):
    rows, words, _, columns, *_ = made
    path = write(tmp_path / "any.csv", made)
    names = ColumnMapping({"source": "x"}) if not rows else None
    read = read_or_refused(lambda: read_leads(path, Dates(AS_OF), mapping=names))
    if read is None:
        return
    assert {"stage", "closed", "created"} <= set(columns)
    assert not set(words["won"]) & set(WORDS["unknown"])
    used = [(kind, created, closed) for kind, _, created, closed, _ in rows if created]
    used = [row for row in used if not (row[0] == "won" and row[2] and row[2] < row[1])]
    assert int(read.frame["is_won"].sum()) == sum(kind == "won" for kind, *_ in used)
    unclear = set(words["lost"]) & set(WORDS["unknown"])
    lost = 0 if unclear else sum(kind == "lost" for kind, *_ in used)
    assert int(read.frame["is_lost"].sum()) == lost
    assert not unclear or any("open: " in note for note in read.export.notes)


@FUZZED
@given(
    rows=st.lists(st.tuples(DAYS, st.sampled_from(ANSWERS)), max_size=40),
    header=st.sampled_from(["Renewal Status", "Status", "renewed"]),
)  # fmt: skip
def test_renewals_are_counted_or_refused(tmp_path, rows, header):
    path = tmp_path / "any.csv"
    path.write_text(f"Renewal Date,{header}\n" + "".join(f"{due or ''},{word}\n" for due, word in rows))
    found = read_or_refused(lambda: read_renewals(path, AS_OF))
    if found is None:
        return
    known = [word for due, word in rows if due and word not in ("perhaps", "Open", "")]
    share = sum(word in ("yes", "Renewed", "Ja") for word in known) / len(known)
    estimate = found.estimates[0]
    assert estimate.value == pytest.approx(min(max(share, estimate.low), estimate.high))
