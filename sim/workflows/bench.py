"""Grade what claims to measure marketing: attribution models world by world."""

from typing import Literal

from sim.analysis.credit import to_social
from sim.experiment.errors import ResultsError
from sim.report.answers.credited import Credited
from sim.workflows.results import ResultsLike, stored_in


def credit(results: ResultsLike, *, point: int = 0, share: Literal["touched", "all"] = "touched") -> Credited:
    """Return what each attribution model credits to social media, world by world, beside the truth.

    Parameters
    ----------
    results
        Results or their folder.
    point
        Number of the point, from 0.
    share
        Among which sources Markov shares a deal out: those of its own journey (`touched`), as everywhere in this program, or
        `all`, as ChannelAttribution does. The other models share each deal among its own sources.

    Raises
    ------
    ResultsError
        If the results are not finished, or have no such point.

    Examples
    --------
    >>> sim.credit("results/reference", share="all").frame.columns[:3].tolist()
    ['replication', 'truth', 'first_touch']
    """
    read = stored_in(results)
    if not 0 <= point < len(read.labels):
        raise ResultsError(f"--point {point}: there is no such point; they are 0 to {len(read.labels) - 1}")
    return Credited(to_social(read, point, share), share, read.labels[point], read.currency)
