"""Memory that is short: how to tell it from other errors, and what to say."""

import errno

from sim.remarks import RemarkError, remark

GIGABYTE = 1e9
LEAST_BYTES = 2.5e9  # of addresses; what is really used is a tenth of it

MEMORY_IS_SHORT = remark(
    "memory is short; fewer --workers, fewer accounts or fewer points need less; finished work is kept (sim resume DIR)"
)
SAID_BY_LIBRARIES = (
    "ArrowMemoryError", "bad_alloc", "Cannot allocate memory", "malloc of size", "realloc of size", "Unable to allocate",
)  # fmt: skip


class LittleRoomError(RemarkError, MemoryError):
    """A process that may take less memory than the libraries need, which then hang or break where nobody can catch it."""


def check_room() -> None:
    """Check that this process may take as much memory as the libraries need, before they are loaded.

    Raises
    ------
    LittleRoomError
        If it may not.
    """
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_BYTES:
        raise LittleRoomError(
            remark(
                "memory is short: this process may take {limit} GB (ulimit -v); allow it {least_bytes}",
                limit=format(limit / GIGABYTE, ".1f"),
                least_bytes=format(LEAST_BYTES / GIGABYTE, ".1f"),
            )
        )


def is_for_want_of_memory(error: BaseException) -> bool:
    """Return whether an error, or one that it came from, was for want of memory, of whatever kind it is."""
    here: BaseException | None = error
    while here is not None:
        said = f"{type(here).__name__}: {here}"
        if isinstance(here, MemoryError) or (isinstance(here, OSError) and here.errno == errno.ENOMEM):
            return True
        if any(one in said for one in SAID_BY_LIBRARIES):
            return True
        here = here.__cause__ or here.__context__
    return False
