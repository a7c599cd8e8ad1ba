"""The server of the page: where it begins, and that it ends with the command."""

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.page import serve
from tests.small import small_results

SIM = str(Path(sys.executable).with_name("sim"))
WAIT = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    small_results(folder / "one", 1)
    return folder


def test_the_server_begins_where_nothing_of_a_stranger_lies(folder, monkeypatch):
    """Python puts no folder of the user's before its own, and Streamlit reads no settings there."""
    begun = {}

    class Server:
        def __init__(self, command, cwd):
            begun.update(command=command, cwd=cwd)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def wait(self):
            return 0

    monkeypatch.setattr(serve.subprocess, "Popen", Server)
    assert serve.serve(folder, 8501, language="en", is_opened=False) == 0
    assert begun["command"][1:4] == ["-P", "-m", "streamlit"]
    assert begun["cwd"] == serve.APP.parent
    address = begun["command"].index("--server.address")
    assert begun["command"][address + 1] == "127.0.0.1"


def free_port():
    with socket.socket() as free:
        free.bind((serve.LOOPBACK, 0))
        return free.getsockname()[1]


def answers(port):
    with suppress(OSError), socket.create_connection((serve.LOOPBACK, port), timeout=1.0):
        return True
    return False


def test_the_server_ends_with_the_command(folder):
    port = free_port()
    command = subprocess.Popen([SIM, "page", str(folder), "--port", str(port), "--no-open"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + WAIT
    while not answers(port):
        assert command.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    command.terminate()
    assert command.wait(WAIT) in {0, 143}, "as Streamlit stops, or before it could"
    assert not answers(port)
