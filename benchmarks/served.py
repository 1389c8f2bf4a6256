"""A real serving process on the loopback, and officers who use it over HTTP. Tests kill it, benchmarks measure it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from benchmarks.databases import Place

PATIENCE = 60  # seconds until the server must answer


@dataclass
class Server:
    """``ducha serve`` in a process of its own."""

    place: Place
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """``kill -9``: nothing is flushed, nobody is told."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an administrator would; nothing if it has ended already."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str | None
    text: str


@dataclass
class Officer:
    """A signed-in browser without a page."""

    address: str
    opener: OpenerDirector
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._send(Request(self.address + path))

    def post(self, path: str, items: Mapping[str, object]) -> Answer:
        body = urlencode({"csrf_token": self.token, **items}).encode()
        return self._send(Request(self.address + path, body))

    def complete(self, task: str, items: Mapping[str, object]) -> str:
        """Complete a task whose next one is one's own too; the id of that one."""
        answer = self.post(f"/tasks/{task}", items)
        assert answer.status == 302, f"{answer.status}: {answer.text[:2000]}"
        assert answer.location is not None
        return urlsplit(answer.location).path.rsplit("/", 1)[-1]

    def _send(self, request: Request) -> Answer:
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, answer.headers["Location"], answer.read().decode())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers["Location"], error.read().decode())


@contextmanager
def server(place: Place) -> Iterator[Server]:
    """Serve the database of ``place`` until the block ends; ready when it is entered."""
    started = start(place)
    try:
        yield started
    finally:
        started.stop()


def start(place: Place, port: int | None = None) -> Server:
    """Start a server, on ``port`` or any that is free, and wait until it answers."""
    port = port or _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUCHA_")},
        "DUCHA_DATABASE_URL": place.url,
        "DUCHA_PORT": str(port),
        "DUCHA_SECRET_FILE": str(place.folder / "secret"),
        "DUCHA_ATTACHMENTS": str(place.folder / "attachments"),
    }
    command = [sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main(['serve']))"]
    with (place.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    server = Server(place, port, process)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if nobody(server.address).get("/healthz").status == 200:
                return server
        except OSError:
            pass
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"The server did not start:\n{(place.folder / 'server.log').read_text()}")


def sign_in(address: str, account: str, password: str) -> Officer:
    officer = nobody(address)
    officer.token = csrf(officer.get("/login").text)
    answer = officer.post("/login", {"account": account, "password": password})
    assert answer.status == 302, f"{answer.status}: {answer.text[:2000]}"
    officer.token = csrf(officer.get("/tasks").text)
    return officer


def nobody(address: str) -> Officer:
    return Officer(address, build_opener(HTTPCookieProcessor(CookieJar()), _Stay()))


def csrf(page: str) -> str:
    """The token that every page carries for its forms."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, f"the page carries no token: {page[:2000]}"
    return found[1]


class _Stay(HTTPRedirectHandler):
    """Redirects are answers, not to be followed."""

    def redirect_request(self, *_: object) -> None:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
