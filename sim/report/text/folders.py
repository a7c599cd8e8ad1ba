"""Words for result folders: how far each one got, and the faults of its files."""

from sim.experiment.catalogue import Entry
from sim.report.text.translation import decimal, later, say

MEBIBYTE = 1024**2

FAULTS = (  # of `sim.experiment.integrity`, which speaks no language
    later("is not what was written"),
    later("is missing"),
    later("has no checksum, as checksums.json is missing"),
    later("is not sim's; left alone"),
    later("belongs to other results"),
    later("is not what was written; remove it, and the run stays as it was"),
    later("is not what was written; remove it, and worlds are computed anew"),
)


def state_of(folder: Entry) -> str:
    """Say how far a result folder got: finished, or how many of its worlds are done."""
    if folder.is_finished:
        return say("finished")
    if folder.worlds:
        return say("{done} of {count} worlds done", done=decimal(folder.done), count=decimal(folder.worlds))
    return say("{done} worlds done, number still open", done=decimal(folder.done))


def megabytes(size: int, digits: int = 1) -> str:
    """Format a number of bytes in MB."""
    return say("{size} MB", size=decimal(size / MEBIBYTE, digits))
