"""Exports as CRMs and platforms write them: a right value, or a refusal that says what to write; never a guess in silence.

The names of columns and stages are those of the products' public documentation: Salesforce ("Opportunity Fields": StageName,
CloseDate, IsWon, CurrencyIsoCode), HubSpot ("HubSpot's default deal properties": Deal Stage, Amount, Amount in company
currency, Close Date),
Pipedrive ("Exporting data from Pipedrive": Deal - Value, Deal - Status), Zoho ("Standard fields in Deals": Closing
Date, Stage) and Dynamics 365 ("Opportunity table": Est. Revenue, Actual Close Date, Status). All figures are made up.
"""

import datetime as dt
import re

import numpy as np
import pytest

from sim.calibrate import outcomes, overrides
from sim.calibrate.backcast import read_actual
from sim.calibrate.channels import read_channel
from sim.calibrate.columns import ColumnMapping, read_mapping
from sim.calibrate.deals import read_deals
from sim.calibrate.errors import ExportError
from sim.calibrate.leads import Dates, read_leads
from sim.calibrate.look import look, mapping_text
from sim.calibrate.renewals import read_renewals
from sim.calibrate.stages import read_stages
from sim.calibrate.wins import answers
from sim.scenario import load_tagged
from tests.small import small

AS_OF = dt.date(2025, 12, 31)
FIRST = dt.date(2025, 1, 1)
VALUES = [1_000 + 100 * number for number in range(16)]  # of won deals; others are ten times as large
MEDIAN = float(np.exp(np.mean(np.log(VALUES))))


def day(number: int) -> str:
    return (FIRST + dt.timedelta(days=number)).isoformat()


def deals_of(stages, head="Deal ID,Stage,Amount", row="{n},{stage},{value}", delimiter=","):
    """An export of 16 deals of each stage, of which the first is that of wins."""
    lines = [head]
    for number, value in enumerate(VALUES):
        for place, stage in enumerate(stages):
            lines.append(row.format(n=number * len(stages) + place, stage=stage, value=value * (10 if place else 1)))
    return "\n".join(lines).replace(",", delimiter) + "\n"


def leads_of(stages, head="Lead ID,Created Date,Close Date,Stage", count=20):
    """An export of leads: of each, its stage and whether it has a day of closing, a month later."""
    lines = [head]
    for number in range(count):
        for place, (stage, is_closed) in enumerate(stages):
            first = 5 * number + place
            lines.append(f"{number}-{place},{day(first)},{day(first + 30 + number % 7) if is_closed else ''},{stage}")
    return "\n".join(lines) + "\n"


def median(found):
    return found.estimates[0].value


def refused(read, *words):
    with pytest.raises(ExportError) as caught:
        read()
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message
    return message


# 1 and 2: what is lost is lost


def test_of_leads_that_are_all_closed_no_more_can_be_won(written):
    path = written(leads_of([("Won", True), ("Lost", True)]))
    whole = answers(read_leads(path, Dates(AS_OF)), AS_OF + dt.timedelta(days=365))[-1]
    assert (whole.won, whole.lost, whole.open) == (20, 20, 0)
    assert (whole.share.value, whole.share.low, whole.share.high) == (0.5, 0.5, 0.5)
    assert (whole.wins.value, whole.wins.low, whole.wins.high) == (20, 20, 20)
    assert whole.chance.low < 0.5 < whole.chance.high


def test_the_share_of_these_leads_is_never_below_what_is_won_nor_above_what_may_be(written):
    path = written(leads_of([("Won", True), ("Won", True), ("Lost", True), ("Negotiation", False)]))
    whole = answers(read_leads(path, Dates(AS_OF)), AS_OF + dt.timedelta(days=3_650))[-1]
    assert 40 / 80 <= whole.share.low <= whole.share.value <= whole.share.high <= 60 / 80
    assert 40 <= whole.wins.low <= whole.wins.high <= 60


def test_days_of_losses_are_those_of_their_own_column_and_known_where_there_is_none(written):
    lines = ["Created,Won time,Lost time,Status"]
    lines += [f"{day(n)},{day(n + 20)},,won\n{day(n)},,{day(n + 50)},lost\n{day(n)},,,lost\n{day(n)},,,open" for n in range(20)]
    leads = read_leads(written("\n".join(lines) + "\n"), Dates(AS_OF))
    assert leads.cells.won_count.sum() == leads.cells.open_count.sum() == 20
    assert leads.cells.lost_count.sum() == 40
    dated = leads.cells.lost_since == leads.cells.lost_until
    assert leads.cells.lost_count[dated].sum() == leads.cells.lost_count[~dated].sum() == 20
    assert any("20 leads are won or lost on days that the file does not give" in note for note in leads.export.notes)


def test_a_day_of_loss_says_lost_where_the_word_only_says_not_won(written):
    lines = ["lead,first_contact_on,won_on,lost_on,outcome"]
    lines += [
        f"{n}a,{day(n)},{day(n + 20)},,won\n{n}b,{day(n)},,{day(n + 50)},not won\n{n}c,{day(n)},,,not won" for n in range(20)
    ]
    frame = read_leads(written("\n".join(lines) + "\n"), Dates(AS_OF)).frame
    assert (frame["is_won"].sum(), frame["is_lost"].sum(), frame["lost_day"].notna().sum()) == (20, 20, 20)


def test_a_loss_after_the_export_is_open_as_it_was_then(written):
    path = written(leads_of([("Won", True), ("Lost", True)]))
    early = read_leads(path, Dates(FIRST + dt.timedelta(days=100)))
    assert any("losses after 2025-04-11 are taken as open" in note for note in early.export.notes)
    assert 0 < early.frame["is_lost"].sum() < 20


# 3: words


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        *((word, "won") for word in (
            "Won", "CLOSED WON", "closedwon", "ClosedWon", "Closed Won (Direct Pipeline)", "6 - Closed/Won",
            "06. Closed - Won 100%", "Won 🎉", "[Sales] Won", "Closed (Won)", "Ganado", "Cerrado ganado", "Cerrada/Ganada",
            "Gagné", "gagnée", "Fermé gagné", "Affaire gagnée", "Gewonnen", "Abgeschlossen und gewonnen", "Chiuso vinto",
            "Vinta", "Fechado ganho", "Ganha", "Gesloten gewonnen", "GAGNE\u0301", "Vendu", "Verkauft", "Win",
        )),
        *((word, "lost") for word in (
            "Lost", "Closed Lost (Direct Pipeline)", "7 - Closed/Lost", "Perdido", "Cerrado perdido", "Perdu",
            "Fermé perdu", "verloren", "Geschlossen - verloren", "Chiuso perso", "Persa", "Fechado perdido",
            "Gesloten verloren", "Disqualified", "Unqualified", "Kein Interesse", "Not interested", "Pas d'intérêt",
            "Descartado", "Abandonnée", "Cancelled", "No budget",
        )),
        *((word, "open") for word in (
            "Open", "New", "Offer sent (Direct Pipeline)", "Negotiation", "Verhandlung", "Propuesta enviada", "En cours",
            "Angebot", "Trattativa", "Proposta", "Onderhandeling", "Qualified To Buy", "appointmentscheduled",
            "Contract Sent", "Prospecting",
        )),
        *((word, "no") for word in (
            "Not won", "No ganado", "Nicht gewonnen", "Non gagné",
        )),
        *((word, "closed") for word in (
            "Closed", "Cerrado", "Abgeschlossen", "Fermé", "Closed - Converted", "Gesloten",
        )),
        *((word, "unknown") for word in (
            "Won/Lost", "Likely won", "To be won", "Etapa 7", "Ausgang A", "", "123", "Not lost", "Won back?",
        )),
    ],
)  # fmt: skip
def test_a_word_means_what_it_says_whatever_surrounds_it(word, meaning):
    assert outcomes.meaning(word) == meaning


STAGES = {
    "HubSpot": ("Closed Won (Direct Pipeline)", "Closed Lost (Direct Pipeline)", "Offer sent (Direct Pipeline)"),
    "numbered": ("6 - Closed/Won", "7 - Closed/Lost", "3 - Proposal"),
    "Spanish": ("Cerrado ganado", "Cerrado perdido", "Negociación"),
    "French": ("Gagné", "Perdu", "Devis envoyé"),
    "German": ("Gewonnen", "Verloren", "Angebot"),
    "Italian": ("Chiuso vinto", "Chiuso perso", "Trattativa"),
    "Portuguese": ("Ganho", "Perdido", "Proposta"),
    "Dutch": ("Gewonnen", "Verloren", "Offerte"),
}


@pytest.mark.parametrize("stages", STAGES.values(), ids=STAGES)
def test_deals_and_leads_are_told_by_their_words_in_the_languages_of_crms(written, stages):
    assert median(read_deals(written(deals_of(stages)))) == pytest.approx(MEDIAN)
    won, lost, still = stages
    read = read_leads(written(leads_of([(won, True), (lost, True), (still, True)])), Dates(AS_OF))
    assert (read.frame["is_won"].sum(), read.frame["is_lost"].sum()) == (20, 20)


UNKNOWN = ("Etapa A", "Etapa B", "Etapa C")


def test_words_that_nobody_understands_are_listed_with_counts_and_the_mapping_to_write(written, tmp_path):
    path = written(leads_of([(word, True) for word in UNKNOWN]), "leads_of_unknown.csv")
    message = refused(
        lambda: read_leads(path, Dates(AS_OF)), "'Etapa A' (20), 'Etapa B' (20), 'Etapa C' (20)", "outcomes: {won:"
    )
    assert "--all-won" in message
    refused(lambda: read_deals(written(deals_of(UNKNOWN))), "'Etapa A' (16)", "outcomes: {won:", "--all-won")
    mapping = tmp_path / "names.yaml"
    mapping.write_text('outcomes: {won: ["etapa a"], lost: ["Etapa B"]}\n')
    names = read_mapping(mapping)
    read = read_leads(path, Dates(AS_OF), mapping=names)
    assert (read.frame["is_won"].sum(), read.frame["is_lost"].sum()) == (20, 20)
    assert median(read_deals(written(deals_of(UNKNOWN)), mapping=names)) == pytest.approx(MEDIAN)


def test_leads_of_a_word_that_is_not_understood_and_look_closed_are_asked_about(written):
    path = written(leads_of([("Won", True), ("Lost", True), ("Etapa 9", True)]))
    refused(lambda: read_leads(path, Dates(AS_OF)), "'Etapa 9' may mean won, lost or open, and its leads look closed", "lost:")
    still = read_leads(written(leads_of([("Won", True), ("Lost", True), ("Etapa 9", False)])), Dates(AS_OF))
    assert still.frame["is_lost"].sum() == 20
    assert any("open: 'Etapa 9' (20)" in note for note in still.export.notes)


def test_where_no_word_says_lost_those_that_nobody_understands_are_asked_about(written):
    path = written(leads_of([("Won", True), ("Etapa 9", False)]))
    refused(lambda: read_leads(path, Dates(AS_OF)), "no word in it is known to mean that a lead was lost")
    names = ColumnMapping(outcomes={"won": ["Won"], "lost": []})
    assert read_leads(path, Dates(AS_OF), mapping=names).frame["is_won"].sum() == 20


def test_closed_alone_may_be_either(written):
    refused(lambda: read_deals(written(deals_of(["Won", "Closed"]))), "'Closed' may mean won or not")
    path = written(leads_of([("Won", True), ("Lost", True), ("Closed", False)]))
    refused(lambda: read_leads(path, Dates(AS_OF)), "'Closed' may mean won, lost or open")


def test_yes_and_no_answer_whether_won(written):
    head = "Lead ID,Created Date,Close Date,Is Won"
    read = read_leads(written(leads_of([("true", True), ("false", True), ("false", False)], head)), Dates(AS_OF))
    assert (read.frame["is_won"].sum(), read.frame["is_lost"].sum()) == (20, 20)
    path = written(leads_of([("TRUE", True), ("FALSE", True)], head))
    refused(lambda: read_leads(path, Dates(AS_OF)), "'FALSE' (20) says that a lead is not won", 'lost: ["FALSE"]')
    assert median(read_deals(written(deals_of(["1", "0"], "Deal ID,Won,Amount")))) == pytest.approx(MEDIAN)


def test_closed_and_won_together_say_lost_as_salesforce_has_them(written):
    lines = ["Id,CreatedDate,CloseDate,IsClosed,IsWon"]
    for n in range(20):
        lines += [f"{n}{kind},{day(n)},{day(n + 30)},{closed},{won}" for kind, closed, won in
                  (("a", "true", "true"), ("b", "true", "false"), ("c", "false", "false"))]  # fmt: skip
    frame = read_leads(written("\n".join(lines) + "\n"), Dates(AS_OF)).frame
    assert (frame["is_won"].sum(), frame["is_lost"].sum()) == (20, 20)


# 4: columns


@pytest.mark.parametrize(
    "header",
    ["StageName", "opportunity_stage", "Deal - Status", "Deal - Stage", "Sales Stage", "Etapa", "Estado del negocio", "Phase",
     "Verkaufsphase", "Étape", "Statut", "Fase", "Stato", "Situação", "Deal Outcome", "Ergebnis", "Result", "Win/Loss"],
)  # fmt: skip
def test_the_column_of_outcomes_is_known_by_what_is_in_it_under_other_names(written, header):
    found = read_deals(written(deals_of(["Won", "Lost", "Open"], f"Deal ID,{header},Amount")))
    assert median(found) == pytest.approx(MEDIAN)
    assert found.export.found["outcome"] == header


def test_of_two_columns_the_one_that_says_which_are_won_is_taken(written):
    head, row = "Deal ID,Deal - Stage,Deal - Status,Amount", "{n},Contract made,{stage},{value}"
    assert median(read_deals(written(deals_of(["won", "lost", "open"], head, row)))) == pytest.approx(MEDIAN)
    head, row = "Id,StageName,IsClosed,IsWon,Amount", "{n},{stage},true,false,{value}"
    text = deals_of(["Closed Won", "Closed Lost"], head, row).replace("Won,true,false", "Won,true,true")
    assert median(read_deals(written(text))) == pytest.approx(MEDIAN)
    wrong = text.replace("0,Closed Won,true,true", "0,Closed Won,true,false")
    refused(lambda: read_deals(written(wrong)), "'StageName', 'IsWon' say differently which are won", "outcome: StageName")


def test_a_file_that_does_not_say_which_rows_are_won_is_refused(written):
    path = written("Deal ID,Amount\n" + "".join(f"{n},{value}\n" for n, value in enumerate(VALUES)))
    refused(lambda: read_deals(path), "no column says which deals are won", "'Deal ID', 'Amount'", "--all-won")
    assert median(read_deals(path, all_won=True)) == pytest.approx(MEDIAN)


def test_days_of_wins_say_which_are_won(written):
    lines = [f"{n},{value},{day(n) if n < 12 else ''}" for n, value in enumerate(VALUES)]
    found = read_deals(written("Deal ID,Amount,Won Date\n" + "\n".join(lines) + "\n"))
    assert median(found) == pytest.approx(float(np.exp(np.mean(np.log(VALUES[:12])))))


def test_of_two_ids_the_nearer_is_the_deals(written):
    text = deals_of(["Won", "Lost"], "lead_id,deal_id,Stage,Amount", "7,{n},{stage},{value}")
    assert read_deals(written(text)).export.found["deal"] == "deal_id"


# 5: nothing left


def test_deals_of_which_none_is_left_or_none_has_days(written):
    head, row = "Deal ID,Stage,Amount,Create Date,Close Date", "{n},{stage},{value},2025-01-02,"
    assert median(read_deals(written(deals_of(["Won", "Lost"], head, row)))) == pytest.approx(MEDIAN)
    nothing = deals_of(["Won"], head, "{n},{stage},0,2025-01-02,2025-03-02")
    refused(lambda: read_deals(written(nothing)), "0 won deals: too few", "16 rows left out: a value of zero or less")


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize(
    ("read", "head", "row"),
    [
        (read_deals, "Deal ID,Amount,Stage,Create Date,Close Date", "1,5,Won,2025-01-01,2025-01-09"),
        (lambda path: answers(read_leads(path, Dates(AS_OF)), None), "Created,Won Date,Lost Date", "2025-01-01,2025-01-09,"),
        (lambda path: read_stages(path, AS_OF, ["a"]), "deal,a_on,won_on,lost_on", "1,2025-01-01,,"),
        (lambda path: read_stages(path, AS_OF, ["a"]), "deal,a_on,won_on,lost_on", "1,,,"),
        (lambda path: read_stages(path, AS_OF, ["a"]), "deal,a_on,won_on,lost_on", "1,2026-05-05,,"),
        (lambda path: read_stages(path, AS_OF, ["a"]), "deal,a_on,won_on,lost_on", "1,2025-02-02,2025-01-01,2025-01-01"),
        (lambda path: read_actual(path, small()), "month,leads", "2012-02-01,5"),
        (lambda path: read_actual(path, small()), "month,leads", "Total,5"),
        (lambda path: read_renewals(path, AS_OF), "due_on,renewed", "2025-01-01,yes"),
        (lambda path: read_renewals(path, AS_OF), "started_on,ended_on", "2021-01-01,"),
        (lambda path: read_channel(path, "network"), "Date,Impressions,Engagements,Followers", "2025-01-01,5,1,9"),
        (lambda path: read_channel(path, "network"), "Date,Impressions,Likes,Comments,Shares,Clicks", "2025-01-01,5,1,0,0,0"),
    ],
)  # fmt: skip
def test_every_estimator_refuses_a_file_with_next_to_nothing_in_one_line(written, read, head, row, rows):
    refused(lambda: read(written(head + "\n" + f"{row}\n" * rows)))


# 6: currencies


@pytest.mark.parametrize(
    "header",
    ["Currency", "Amount Currency", "Deal - Currency of Value", "CurrencyIsoCode", "Devise", "Währung", "Moneda", "Valuta"],
)
def test_amounts_in_several_currencies_are_refused(written, header):
    text = deals_of(["Won"], f"Deal ID,Stage,Amount,{header}", "{n},{stage},{value},EUR")
    assert median(read_deals(written(text))) == pytest.approx(MEDIAN)
    refused(lambda: read_deals(written(text.replace("EUR", "JPY", 3))), "values are in EUR, JPY", header)
    same = text.replace("EUR", "Euro", 3).replace("EUR", "eur", 3)
    assert median(read_deals(written(same))) == pytest.approx(MEDIAN)


def test_a_currency_may_stand_in_the_name_of_the_column(written):
    assert median(read_deals(written(deals_of(["Won", "Lost"], "Deal ID,Stage,Amount (CAD)")))) == pytest.approx(MEDIAN)


def test_amounts_in_the_companys_currency_are_one_whatever_the_originals_were(written):
    head, row = "Deal ID,Stage,Amount,Currency,Amount in company currency", "{n},{stage},7{value},EUR,{value}"
    text = deals_of(["Won"], head, row).replace("EUR", "USD", 5)
    refused(lambda: read_deals(written(text)), "values are in EUR, USD", "`value: Amount in company currency`")
    names = ColumnMapping({"value": "Amount in company currency"})
    assert median(read_deals(written(text), mapping=names)) == pytest.approx(MEDIAN)


def test_each_amount_goes_with_its_own_currency(written):
    head = "Id,StageName,Amount Currency,Amount,Amount (converted) Currency,Amount (converted)"
    text = deals_of(["Closed Won"], head, "{n},{stage},EUR,5,USD,{value}").replace("EUR", "GBP", 4)
    refused(lambda: read_deals(written(text)), "values are in EUR, GBP", "Amount Currency")
    assert median(read_deals(written(text), mapping=ColumnMapping({"value": "Amount (converted)"}))) == pytest.approx(MEDIAN)


# 7 and 8: platforms

X_POST = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits"
)
X_POST += ",Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks"
INSTAGRAM = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment"
)
INSTAGRAM += ",Date,Views,Likes,Shares,Comments,Saves,Reach,Follows"
FACEBOOK = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,Permalink,Is crosspost,Is share"
)
FACEBOOK += ",Post type,Languages,Custom labels,Funded content status,Data comment,Date,Views"
FACEBOOK += ',Reach,"Reactions, Comments and Shares",Reactions'
FACEBOOK += ",Comments,Shares,Total clicks,Photo Clicks,Other Clicks,Link Clicks"


def posts(written, head, row, count=14):
    return written(head + "\n" + "".join(row.format(day=f"{number:02d}") + "\n" for number in range(13, 13 + count)))


def mix_of(found):
    return {one.path.rsplit(".", 1)[1]: one.value for one in found.estimates}


def test_rate_and_mix_are_of_the_same_engagements(written):
    """X counts 80 of 1,000, of which 40 are of the four kinds: 20 reactions are 2 % of impressions, not 4."""
    path = posts(written, X_POST, '1,"Tue, Jul {day}, 2026",text,link,1000,20,80,1,0,0,4,6,9,40,10,0,0')
    found = read_channel(path, "network")
    estimates = mix_of(found)
    assert estimates["engagement_rate"] == pytest.approx(0.04)
    assert estimates["engagement_rate"] * estimates["reaction"] == pytest.approx(0.02)
    assert estimates["engagement_rate"] * estimates["click"] == pytest.approx(0.01)
    assert any("counts 1,120 engagements. 560 of them (50%) are none of the four kinds" in said for said in found.remarks)
    assert any("an export of X, by post" in note for note in found.export.notes)


def test_instagram_is_read_as_meta_writes_it(written, tmp_path):
    """Its day is the time of publishing, as Date says Lifetime; posts carry no links, so no clicks are counted."""
    found = read_channel(
        posts(written, INSTAGRAM, "1,2,a,b,text,0,07/{day}/2026 06:08,link,IG image,,Lifetime,1000,30,6,4,9,800,0"), "network"
    )
    estimates = mix_of(found)
    assert estimates["engagement_rate"] == pytest.approx(0.04)
    assert [estimates[kind] for kind in ("reaction", "comment", "share", "click")] == pytest.approx([0.75, 0.1, 0.15, 0.0])
    assert found.export.found["day"] == "Publish time"
    overrides.write("name: x\n" + overrides.of_findings(found), tmp_path / "x.yaml")
    mix = load_tagged(tmp_path / "x.yaml").scenario.channels["network"].engagement_mix
    assert (mix.click, mix.reaction) == (0.0, pytest.approx(0.75, abs=0.001))


def test_facebook_is_read_as_meta_writes_it(written):
    row = "1,2,Page,Title,Text,0,07/{day}/2026 06:08,,link,0,0,Photos,,,,,Lifetime,1000,800,20,12,6,2,20,5,6,9"
    found = read_channel(posts(written, FACEBOOK, row), "network")
    estimates = mix_of(found)
    assert estimates["engagement_rate"] == pytest.approx(0.04)
    assert [estimates[kind] for kind in ("reaction", "comment", "share", "click")] == pytest.approx([0.3, 0.15, 0.05, 0.5])


# 9: totals


@pytest.mark.parametrize(
    "label",
    ["Grand Total", "Total", "TOTALS:", "Gesamt", "Gesamtsumme", "Summe", "Total général", "Sous-total",
     "Totale", "Totaal", "Suma",
     "Grand Totals (16 records)", "Average", "Durchschnitt"],
)  # fmt: skip
def test_rows_of_totals_are_left_out_and_said(written, label):
    found = read_deals(written(deals_of(["Won"]) + f"{label},,{sum(VALUES)}\n"))
    assert median(found) == pytest.approx(MEDIAN)
    assert [(left.reason, left.count) for left in found.export.left_out] == [("a total or mean of other rows", 1)]


def test_totals_of_won_deals_and_sums_without_a_label_are_left_out(written):
    text = "Stage,Amount\n" + "".join(f"Won,{value}\n" for value in VALUES)
    assert median(read_deals(written(text + f"Subtotal Won,{sum(VALUES)}\nWon total:,{sum(VALUES)}\n"))) == pytest.approx(
        MEDIAN
    )
    found = read_deals(written(text + f",{sum(VALUES)}\n"), all_won=True)
    assert median(found) == pytest.approx(MEDIAN)
    assert found.export.left_out[0].reason == "the sum of all other rows"


def test_a_customer_of_that_name_is_no_total(written):
    text = deals_of(["Won"], "Account,Stage,Amount,Close Date", "Total,{stage},{value},2025-02-01")
    assert len(read_deals(written(text)).export.frame) == 16


# 10: refusals


def test_renewals_say_which_column_is_missing_and_what_is_there(written):
    path = written("Contract ID,Signup Date,Churn Date\n1,2022-01-01,2024-01-01\n")
    refused(lambda: read_renewals(path, AS_OF), "no column for started_on", "nearest to started_on is 'Signup Date'",
            "ended_on is 'Churn Date'", "`started_on: Signup Date`")  # fmt: skip
    refused(
        lambda: read_renewals(written("a,b\n1,2\n"), AS_OF), "no column for due_on, renewed, started_on, ended_on", "'a', 'b'"
    )


def test_renewals_in_other_words(written):
    rows = "".join(f"{day(n)},{'Ja' if n % 4 else 'Nein'}\n" for n in range(40))
    assert read_renewals(written("Renewal Date,Renewal Status\n" + rows), AS_OF).estimates[0].value == pytest.approx(0.75)
    rows = "".join(f"{day(n)},{'Renovado' if n % 4 else 'Cancelado'}\n" for n in range(40))
    assert read_renewals(written("Renewal Date,Renewal Status\n" + rows), AS_OF).estimates[0].value == pytest.approx(0.75)
    rows = "".join(f"{day(n)},{'renewed' if n % 4 else 'Ausgang B'}\n" for n in range(40))
    refused(
        lambda: read_renewals(written("Renewal Date,Renewal Status\n" + rows), AS_OF), "'Ausgang B' (10)", "outcomes: {won:"
    )


def test_a_refusal_says_how_many_rows_were_left_out_and_why(written):
    refused(
        lambda: read_deals(written(deals_of(["Lost", "Open"]))),
        "0 won deals: too few",
        "32 rows left out: not won: 'Lost' (16)",
    )
    path = written(leads_of([("Lost", True), ("Open", False)]))
    refused(lambda: read_leads(path, Dates(AS_OF)), "40 leads, 0 of them won", "lost: 'Lost' (20)")


# 11: a look first


def test_a_look_shows_columns_words_and_a_mapping_that_can_be_given_back(written, tmp_path):
    path = written(deals_of(["Won", "Etapa B"]) + "Total,,7\n")
    found = look(path)
    assert found.kind == "deals"
    assert found.refusal is None
    assert {one.header: one.taken_for for one in found.columns} == {"Deal ID": "deal", "Stage": "outcome", "Amount": "value"}
    assert dict(found.words.meanings) == {"Won": "won", "Etapa B": "unknown"}
    assert found.words.counts["Etapa B"] == 16
    text = mapping_text(found)
    assert '# not understood, to be moved up: "Etapa B"' in text
    (tmp_path / "names.yaml").write_text(text)
    assert median(read_deals(path, mapping=read_mapping(tmp_path / "names.yaml"))) == pytest.approx(MEDIAN)


def test_a_look_says_why_a_file_would_be_refused_and_still_shows_it(written):
    found = look(written(leads_of([(word, True) for word in UNKNOWN])), "leads")
    assert "no word in it is known to mean that a lead was won" in found.refusal
    assert dict(found.words.counts) == dict.fromkeys(UNKNOWN, 20)
    days = look(written("Created,Won Date\n03/04/2025,05/06/2025\n"), "leads")
    assert "may have the day or the month first" in days.refusal
    assert {one.header: one.taken_for for one in days.columns} == {"Created": "first_contact_on", "Won Date": "won_on"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("outcomes: 5\n", "is not a mapping of won, lost, open"),
        ("outcomes: {gained: [a]}\n", "is not a mapping of won, lost, open"),
        ("outcomes: {won: 5}\n", "`outcomes: won` is not a list of words"),
        ("outcomes: {won: [yes, 5]}\n", "`outcomes: won` is not a list of words"),
        ("outcomes: {won: [a], lost: [A]}\n", "`outcomes` has 'a' twice"),
    ],
)
def test_outcomes_that_are_no_mapping_are_refused(tmp_path, content, said):
    (tmp_path / "names.yaml").write_text(content)
    with pytest.raises(ExportError, match=re.escape(said)):
        read_mapping(tmp_path / "names.yaml")
