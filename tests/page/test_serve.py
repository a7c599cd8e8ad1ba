"""The server of the page: where it begins, and that it ends with the command."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiment.errors import ResultsError
from sim.page import serve
from tests.ports import WAIT, answers, free_port, wait_for
from tests.small import small_results

SIM = str(Path(sys.executable).with_name("sim"))


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


def test_the_server_ends_with_the_command(folder):
    port = free_port()
    command = subprocess.Popen([SIM, "page", str(folder), "--port", str(port), "--no-open"], stderr=subprocess.DEVNULL)
    wait_for(command, port)
    command.terminate()
    assert command.wait(WAIT) in {0, 143}, "as Streamlit stops, or before it could"
    assert not answers(port)


@pytest.fixture(scope="module")
def served(folder):
    port = free_port()
    command = subprocess.Popen([SIM, "page", str(folder), "--port", str(port), "--no-open"], stderr=subprocess.DEVNULL)
    try:
        wait_for(command, port)
        yield port
    finally:
        command.terminate()
        command.wait(WAIT)


def shaken(port, host):
    """The status of a handshake for a web socket under the name `host`, with an origin that fits."""
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection((serve.LOOPBACK, port), timeout=WAIT) as line:
        line.sendall(asked.encode())
        return int(line.recv(1000).split()[1])


@pytest.mark.parametrize(("name", "is_let_in"), [("127.0.0.1", True), ("localhost", True), ("rebound.example", False)])
def test_only_names_of_this_machine_are_let_in(served, name, is_let_in):
    """DNS rebinding: a stranger's name that leads to this machine, with the same name as origin."""
    assert shaken(served, f"{name}:{served}") == (101 if is_let_in else 403)


def test_a_taken_port_is_named_with_one_that_is_free(folder):
    with socket.socket() as taken:
        taken.bind((serve.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ResultsError, match=rf"port {port} is taken on this machine; give another: --port \d+"):
            serve.serve(folder, port, language="en", is_opened=False)
