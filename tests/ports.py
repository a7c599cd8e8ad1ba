"""Ports of this machine: one that is free, and a wait until somebody listens on one."""

import socket
import time
from contextlib import suppress

HERE = "127.0.0.1"
WAIT = 300.0  # seconds; other tests may have the processors


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    """Return whether somebody listens on a port."""
    with suppress(OSError), socket.create_connection((HERE, port), timeout=10.0):
        return True
    return False


def wait_for(process, port: int) -> None:
    """Wait until somebody listens on a port, as long as the process that is to do so lives."""
    deadline = time.monotonic() + WAIT
    while not answers(port):
        assert process.poll() is None, "it has ended"
        assert time.monotonic() < deadline, "nobody listens"
        time.sleep(0.1)
