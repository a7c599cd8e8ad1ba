"""Exports in which there is much to remark, as they are read."""

import datetime as dt

from sim.calibrate.backcast import read_actual
from sim.calibrate.channels import read_channel
from sim.calibrate.columns import ColumnMapping
from sim.calibrate.deals import read_deals
from sim.calibrate.estimates import Findings
from sim.calibrate.exports import read_export, without_duplicates
from sim.calibrate.leads import Dates, read_leads
from sim.calibrate.renewals import read_renewals
from sim.calibrate.stages import read_stages
from sim.scenario import apply
from tests.calibrate.leads import LEADS, SPEND
from tests.calibrate.test_findings import PLATFORM_EXPORTS
from tests.small import small

AS_OF = dt.date(2018, 3, 31)
SCENARIO = apply(small(), {"time.horizon_weeks": 60})


class Folder:
    """Files written one after another."""

    def __init__(self, path):
        self.path, self.number = path, 0

    def file(self, *lines, encoding="utf-8"):
        self.number += 1
        path = self.path / f"{self.number}.csv"
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path


def leads(folder):
    """Exports of leads: with an outcome, with none, and with one that nobody won."""
    usual = [f"{n};{1 + n % 28}/01/2018 08:30;SEO;{1 + n % 28}/02/2018;{'Won' if n % 2 else 'Lost'};x" for n in range(40)]
    odd = [
        "90;;SEO;;;", "91;30/01/2018;SEO;29/01/2018;Won;x", "92;30/04/2018;SEO;;;x", "93;30/01/2018;SEO;30/04/2018;Won;x",
        "94;30/01/2018;=1+1;;;x", "1.2E+12;30/01/2018;SEO;;;x", "95;30/01/2018", "96;30/01/2018;SEO;;;x;;", ";;;;;", usual[1],
        "3;2/01/2018;direct;;Won;y", "97;1/12/2017;SEO;2/12/2017;Won;x",
    ]  # fmt: skip
    head = ['"Leads gagnés"', "Record ID;Create Date;Lead Source;Close Date;Deal Stage;Note"]
    yield read_leads(folder.file(*head, *usual, *odd, encoding="cp1252"), Dates(AS_OF, recorded_since=dt.date(2018, 1, 1)))
    serial = [f"{43101 + n % 28}\t{43141 + n % 28}" for n in range(40)]
    path = folder.file("# x", "Create Date\tWon Date", "43000\t", *serial, encoding="utf-16")
    yield read_leads(path, Dates(AS_OF, since=dt.date(2018, 1, 1)))
    stages = [f"2018-01-{1 + n % 28:02d},2018-02-10" for n in range(40)]
    yield read_leads(folder.file("Create Date,Won Date", *stages), Dates(AS_OF))
    kinds = ["2018-02-10,Won", "2018-02-10,Lost", ",Lost", "2017-02-10,Lost", "2018-04-10,Lost", "2018-03-10,Offer", ",Offer"]
    kinds += [f",Stage {number} open" for number in range(14)]
    rows = [f"2018-01-{1 + n % 28:02d},{one}" for n in range(9) for one in kinds]
    yield read_leads(folder.file("Create Date,Close Date,Stage", *rows), Dates(AS_OF))


def deals(folder):
    """Exports of deals: with days for most, and with a curve that fits badly."""
    days = [dt.date(2017, 12, 2) + dt.timedelta(days=n) for n in range(31)]
    dated = [f"1000,{day},{day + dt.timedelta(days=100)},won" for day in days]
    yield read_deals(
        folder.file(
            "amount,created,close date,stage", *dated, "500,2018-01-02,2018-03-01,won", "0,,,won", "700,,,won", "5,,,lost"
        )
    )
    yield read_deals(folder.file("amount", *["€1"] * 30, *["1000"] * 30), all_won=True)
    converted = [f"{n},won,5,{'EUR' if n % 2 else 'USD'},{100 + n}" for n in range(20)]
    head = "id,stage,amount,currency,amount in company currency"
    yield read_deals(folder.file(head, *converted), mapping=ColumnMapping({"value": "amount in company currency"}))
    yield read_deals(folder.file("id,stage,amount,currency", *(f"{n},won,{n + 1}K,EUR" for n in range(20)), "Total,,99K,"))
    yield read_deals(folder.file("id,amount,stage", *(f"{n},{n},won" for n in range(1, 21)), "21,5,"))
    yield read_deals(folder.file("amount,won date", *(f"{n},2018-01-01" for n in range(1, 21)), "5,"))
    yield read_deals(folder.file("amount", *(f"{n}" for n in range(1, 21)), "210"), all_won=True)


def stages(folder):
    """An export of deals by stage."""
    rows = ["2018-03-01,2018-03-11,2018-03-12,"] * 20 + ["2018-03-01,,,"] * 60 + ["2018-03-01,,2018-03-12,", ",,,2018-03-12"]
    rows += ["2018-03-01,2018-03-11,2018-04-12,", "2018-03-01,2018-03-11,2018-03-12,2018-03-12", "2018-03-12,2018-03-11,,"]
    path = folder.file("deal,first_on,second_on,won_on,lost_on", *(f"{n},{row}" for n, row in enumerate(rows)))
    yield read_stages(path, AS_OF, ["first", "second"])


def renewals(folder):
    """Exports by renewal and by contract."""
    rows = ["2018-01-05,yes"] * 16 + ["2018-06-01,yes", "2018-01-05,perhaps", ",yes"]
    yield read_renewals(folder.file("Renewal date,Status", *rows), AS_OF)
    rows = [f"2016-01-{1 + n:02d},2016-12-{1 + n:02d}" for n in range(20)] + ["2018-12-01,", "2016-02-01,2016-01-01"]
    yield read_renewals(folder.file("Start date,End date", *rows), AS_OF)


def channels(folder):
    """Exports of platforms as they write them, and one by which little is told."""
    for header, row in PLATFORM_EXPORTS.values():
        yield read_channel(folder.file(header, *(row.format(day=f"{day:02d}") for day in range(8, 22))), "network")
    rows = [f"2018-01-{1 + n:02d},1000,{20 + n},{100 + n}" for n in range(20)]
    rows += ["2018-02-01,0,0,120", "2018-02-02,5,-1,120", "2018-02-03,5,,120"]
    yield read_channel(folder.file("Date,Impressions,Engagements,Followers", *rows), "network")


def ambiguous(folder):
    """Exports with days and numbers that may be read in two ways, by nobody in particular."""
    many = ",".join(f"column {n}" for n in range(40))
    yield read_export(folder.file(f"Date,Cost,{many}", *['1.2.2018,"1,234"' + "," * 40] * 9), SPEND)
    yield read_export(folder.file("Date,Cost", '1/2/2018,"1,234"'), SPEND, day_order="dmy")
    yield read_export(folder.file("Date,Cost", '1/31/2018,"5,5 %"'), SPEND)
    yield read_export(folder.file("Id,Created,Close Date,Cost", "1,3/5/2018,6/20/2018,5"), LEADS)
    two = (*SPEND, type(SPEND[1])("views", "number"))
    yield read_export(folder.file("Date,Cost,Views", '2018-01-31,"12,50",1.234'), two)
    yield read_export(folder.file("Date,Cost,Views", "2018-01-31,12.5,1.234"), two)
    twice = read_export(folder.file("Id,Created,Original Source", "1,2018-01-31,a", "1,2018-01-31,a ", "2,2018-01-31,a"), LEADS)
    yield without_duplicates(twice, ("lead", "source"), {})


def findings(folder):
    """All that is found in exports, by what they are of."""
    found = [*deals(folder), *stages(folder), *renewals(folder), *channels(folder)]
    return [*found, *(Findings("any", export, []) for export in ambiguous(folder))]


def actual(folder):
    """Records by month, some of other years and one twice."""
    rows = [f"{year}-{month:02d}-01,5" for year, month in [(2011, 12), *((2012, month) for month in range(1, 13))]]
    return read_actual(folder.file("month,qualified", *rows, "2012-05-01,6"), SCENARIO)
