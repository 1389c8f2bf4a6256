"""The command ``ducha``: serve pages, work in the background, migrate, load the demo; documents have commands too."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import waitress  # type: ignore[import-untyped]
from flask import Flask
from sqlalchemy.exc import OperationalError

from bpmn.moment import Moment
from engine import attachments, jobs, process_drafts
from engine.database import Sessions
from faults import Fault
from web import catalogue, documents
from web.app import create_app
from web.console import CALENDAR, clock_of, open_database, say
from web.settings import Settings, read_settings
from web.wiring import wall_clock
from workflows import demo, nights
from workflows.services import SERVICES

Command = tuple[str, Callable[[argparse.Namespace, Settings], int], str]  # name, what it does, help


class ClockOfOneProcess(Fault):
    """A clock that was set (DUCHA_CLOCK, DUCHA_DEMO) runs in one process only. `ducha serve` does the background work
    itself: no other worker is needed beside it."""


class PortTaken(Fault):
    """Another program listens on port {port} already. Stop it, or choose another port: {other}, for example."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code; prints what went wrong in a sentence."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = read_settings(os.environ)
        run: Callable[[argparse.Namespace, Settings], int] = chosen.run
        return run(chosen, settings)
    except BrokenPipeError:  # who read along has seen enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Fault, ValueError, OSError) as fault:
        print(f"ducha: {fault}", file=sys.stderr)
        return 1
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        print(f"ducha: The database does not answer ({reason}). Look at DUCHA_DATABASE_URL.", file=sys.stderr)
        return 1


def serve(chosen: argparse.Namespace, settings: Settings) -> int:
    """Pages and worker in one process, until it is told to stop."""
    settings = replace(
        settings,
        host=chosen.host or settings.host,
        port=chosen.port or settings.port,
        demo=chosen.demo or settings.demo,
    )
    sessions = open_database(settings)
    if settings.demo:
        _install_demo(sessions, settings)
        settings = replace(settings, clock=settings.clock or demo.TODAY)
    clock = clock_of(settings, sessions)
    app = create_app(settings, sessions, CALENDAR, SERVICES, clock)
    server = _listen(app, settings)
    say("Starting the background worker ...")
    worker = _launch_worker(settings, sessions, clock)
    try:
        _serve_pages(server, settings)
    finally:
        say("Stopping ...")
        worker.stop()
    return 0


def work(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Another worker on the same database, until it is told to stop.

    Raises ClockOfOneProcess.
    """
    if settings.clock or settings.demo:
        raise ClockOfOneProcess
    sessions = open_database(settings)
    worker = _launch_worker(settings, sessions, wall_clock)
    say(f"Worker {worker.slot} is at work; Ctrl+C stops it.")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    worker.stop()
    return 0


def migrate(_chosen: argparse.Namespace, settings: Settings) -> int:
    open_database(settings)
    return 0


def install_demo(_chosen: argparse.Namespace, settings: Settings) -> int:
    sessions = open_database(settings)
    _install_demo(sessions, settings)
    _print_accounts()
    return 0


def catalogues(_chosen: argparse.Namespace, _settings: Settings) -> int:
    """Brings the message catalogues up to date with the code and the documents; 1 if a translation is missing."""
    missing = catalogue.update()
    for language, message in missing:
        print(f"{language}: {message}")
    return 1 if missing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ducha", description="Human tasks of government supervision")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("serve", help="serve pages and work in the background, in one process")
    one.add_argument("--host", help="address to listen on (DUCHA_HOST)")
    one.add_argument("--port", type=_port, help="port to listen on (DUCHA_PORT)")
    one.add_argument("--demo", action="store_true", help="fill an empty database with the demo (DUCHA_DEMO)")
    one.set_defaults(run=serve)
    plain: tuple[Command, ...] = (
        ("worker", work, "work in the background only; any number of them, on any machine that reaches the database"),
        ("migrate", migrate, "bring the tables up to date"),
        ("demo", install_demo, "fill an empty database with the demo organisation, accounts and processes"),
        ("catalogues", catalogues, "collect messages and names for translation"),
    )
    for name, run, words in plain:
        commands.add_parser(name, help=words).set_defaults(run=run)
    documents.add_commands(commands)
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _install_demo(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        if not demo.is_empty(session):
            return
        say("Loading the demo organisation, accounts and processes ...")
        demo.install(session, Moment(demo.TODAY, CALENDAR))
    say("Playing the demo cases, from April to September 2013 (about a minute) ...")
    demo.play(sessions, settings.attachments, lambda month: say(f"  {month}"))


def _listen(app: Flask, settings: Settings) -> Any:
    """Take the port, before anything else is started; whoever connects waits. Raises PortTaken."""
    try:
        return waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port=settings.port, other=settings.port + 1) from None
        raise


def _serve_pages(server: Any, settings: Settings) -> None:
    # SIGTERM ends the process as Ctrl+C does: the worker gives back its slot.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if settings.demo:
        _print_accounts()
    say(f"\nDucha serves at http://{settings.host}:{settings.port}  (Ctrl+C stops it)")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _print_accounts() -> None:
    say(f"\nDemo accounts (password: {demo.PASSWORD}):")
    for account in demo.ACCOUNTS:
        say(f"  {account.id:<28} {account.name}")


def _launch_worker(settings: Settings, sessions: Sessions, clock: Callable[[], datetime]) -> jobs.Worker:
    def moment() -> Moment:
        return Moment(clock(), CALENDAR)

    def tidy_files() -> None:
        attachments.tidy(sessions, settings.attachments.absolute(), moment())

    def keep_night() -> None:
        with sessions.begin() as session:
            nights.keep(session, moment())

    def publish_due() -> None:
        with sessions.begin() as session:
            process_drafts.publish_due(session, SERVICES, moment())

    chores = {tidy_files: 3600, keep_night: 60, publish_due: 30}
    return jobs.launch(settings.database_url, sessions, SERVICES, moment, chores=chores)


if __name__ == "__main__":
    sys.exit(main())
