"""Starts the page: Streamlit on the loopback address, watching nothing and telling nobody."""

import signal
import socket
import subprocess
import sys
import time
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from sim.experiment.errors import ResultsError
from sim.page.library import Library
from sim.remarks import remark

APP = Path(__file__).with_name("app.py")
LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.2
SIGNALLED = 128  # and the number of the signal: the exit code of a shell
SETTINGS: dict[str, str | tuple[str, ...]] = {
    "server.address": LOOPBACK,
    "server.allowedHosts": (LOOPBACK, "localhost"),  # a stranger's name that leads here is not let in
    "server.headless": "true",  # or Streamlit asks for an e-mail address before it begins
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": "true",
    "server.maxUploadSize": "1",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.base": "light",
    "theme.primaryColor": "#0072B2",
    "logger.level": "warning",
}


def serve(folder: Path, port: int, *, language: str, is_opened: bool) -> int:
    """Serve the page of a folder until it is stopped, by Ctrl-C or SIGTERM; the exit code of the server.

    Raises
    ------
    ResultsError
        If Streamlit is not installed, the folder is not one that a page may open, or the port is taken.
    """
    if find_spec("streamlit") is None:
        raise ResultsError(remark("the page needs Streamlit: pip install 'sim[page]'"))
    library = Library.of(folder)
    _check_port(port)
    settings = SETTINGS | {"server.port": str(port)}
    words = [
        word
        for name, given in settings.items()
        for value in ((given,) if isinstance(given, str) else given)
        for word in (f"--{name}", value)
    ]
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(APP), *words, "--", str(library.folder), language]
    with subprocess.Popen(command, cwd=APP.parent) as server:  # not where the user is: what lies there is not to be trusted
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # or the server would go on, and keep the port
        if is_opened and _answers(port, server):
            webbrowser.open(f"http://{LOOPBACK}:{port}")
        try:
            code = server.wait()
        except KeyboardInterrupt:  # Streamlit has it too, and ends
            code = server.wait()
    return code if code >= 0 else SIGNALLED - code


def _check_port(port: int) -> None:
    """Check that nobody listens on a port of this machine.

    Raises
    ------
    ResultsError
        If somebody does, with a port that is free.
    """
    with socket.socket() as tried, socket.socket() as free:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            tried.bind((LOOPBACK, port))
        except OSError:
            free.bind((LOOPBACK, 0))
            raise ResultsError(
                remark(
                    "port {port} is taken on this machine; give another: --port {free}",
                    port=str(port),
                    free=str(free.getsockname()[1]),
                )
            ) from None


def _answers(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Wait for the server, as long as it runs."""
    while server.poll() is None:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1.0):
            return True
        time.sleep(POLL_SECONDS)
    return False
