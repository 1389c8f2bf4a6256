"""The command ``ducha``: serve pages, work in the background, migrate, load the demo, check and deploy documents."""

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
from pathlib import Path
from typing import Any

import waitress  # type: ignore[import-untyped]
from flask import Flask
from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import attachments, database, jobs, process_drafts
from engine.database import Sessions
from engine.tables import Record
from faults import Fault, Problem, Refused
from web import catalogue, exports
from web.app import create_app
from web.settings import Settings, read_settings
from web.wiring import clock_from, wall_clock
from workflows import demo, deploy, nights, simulation
from workflows.calendar import WorkingCalendar
from workflows.database import migrate as migrate_tables
from workflows.services import SERVICES

CALENDAR = WorkingCalendar()

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
    except Refused as refused:
        _print_problems("", refused.problems)
        return 1
    except (Fault, ValueError, OSError) as fault:
        print(f"ducha: {fault}", file=sys.stderr)
        return 1


def serve(chosen: argparse.Namespace, settings: Settings) -> int:
    """Pages and worker in one process, until it is told to stop."""
    settings = replace(
        settings,
        host=chosen.host or settings.host,
        port=chosen.port or settings.port,
        demo=chosen.demo or settings.demo,
    )
    sessions = _open(settings)
    if settings.demo:
        _install_demo(sessions, settings)
        settings = replace(settings, clock=settings.clock or demo.TODAY)
    clock = _clock(settings, sessions)
    app = create_app(settings, sessions, CALENDAR, SERVICES, clock)
    server = _listen(app, settings)
    _say("Starting the background worker ...")
    worker = _launch_worker(settings, sessions, clock)
    try:
        _serve_pages(server, settings)
    finally:
        _say("Stopping ...")
        worker.stop()
    return 0


def work(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Another worker on the same database, until it is told to stop.

    Raises ClockOfOneProcess.
    """
    if settings.clock or settings.demo:
        raise ClockOfOneProcess
    sessions = _open(settings)
    worker = _launch_worker(settings, sessions, wall_clock)
    _say(f"Worker {worker.slot} is at work; Ctrl+C stops it.")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    worker.stop()
    return 0


def migrate(_chosen: argparse.Namespace, settings: Settings) -> int:
    _open(settings)
    return 0


def install_demo(_chosen: argparse.Namespace, settings: Settings) -> int:
    sessions = _open(settings)
    _install_demo(sessions, settings)
    _print_accounts()
    return 0


def check(chosen: argparse.Namespace, settings: Settings) -> int:
    """Checks diagrams, forms and decision tables; 1 if one of them has an error."""
    worst = 0
    for path in chosen.files:
        problems = deploy.check_file(path)
        _print_problems(str(path), problems)
        worst = max(worst, *(problem.severity == "error" for problem in problems), 0)
    return worst


def publish(chosen: argparse.Namespace, settings: Settings) -> int:
    sessions = _open(settings)
    moment = Moment(_clock(settings, sessions)(), CALENDAR)
    for path in chosen.files:
        with sessions.begin() as session:
            version = deploy.deploy_file(session, path, moment)
        _say(f"{version.process_key}: version {version.number}")
    return 0


def export(chosen: argparse.Namespace, settings: Settings) -> int:
    """Writes published processes, with forms, tables and scenarios, as files."""
    sessions = _open(settings)
    with sessions.read() as session:
        for path in exports.write(session, chosen.keys, chosen.folder):
            _say(f"  {path}")
    return 0


def simulate(chosen: argparse.Namespace, settings: Settings) -> int:
    """Plays a diagram file in memory, without a database; 1 if a scenario fails."""
    moment = Moment(settings.clock or wall_clock(), CALENDAR)
    published, played = simulation.play(chosen.file, chosen.scenario, moment)
    for line in simulation.report(published, played, moment):
        _say(line)
    return 1 if any(one.problems for one in played) else 0


def adopt(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Writes diagrams of other engines and their forms in our words; lists what was not taken over."""
    for path in chosen.files:
        adopted = deploy.import_file(path, chosen.folder)
        _say(f"{path}: {adopted.origin or 'BPMN'}, {len(adopted.forms)} forms, {len(adopted.notes)} notes")
        _print_problems(str(path), adopted.notes)
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
    with_files: tuple[Command, ...] = (
        ("check", check, "list the problems of diagrams, forms and decision tables"),
        ("deploy", publish, "publish diagrams, with their forms and decision tables, as new versions"),
    )
    for name, run, words in with_files:
        one = commands.add_parser(name, help=words)
        one.add_argument("files", nargs="+", type=Path, metavar="FILE")
        one.set_defaults(run=run)
    one = commands.add_parser("export", help="write published processes as files that can be deployed")
    one.add_argument("keys", nargs="*", metavar="KEY", help="of processes; all, if none is named")
    one.add_argument("--folder", type=Path, required=True, help="where they are written")
    one.set_defaults(run=export)
    one = commands.add_parser("simulate", help="play a diagram with its scenarios, with a moved clock, in memory")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--scenario", type=Path, action="append", default=[], help="else those in scenarios/ beside it")
    one.set_defaults(run=simulate)
    one = commands.add_parser("import", help="bring in diagrams of Camunda 7, Flowable, Activiti and Zeebe")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--folder", type=Path, default=Path(), help="where the diagrams and their forms are written")
    one.set_defaults(run=adopt)
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _open(settings: Settings) -> Sessions:
    _say("Opening the database ...")
    engine = database.connect(settings.database_url)
    _say(f"  {database.describe(engine)}")
    migrate_tables(engine)
    return Sessions(engine)


def _install_demo(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        if not demo.is_empty(session):
            return
        _say("Loading the demo organisation, accounts and processes ...")
        demo.install(session, Moment(demo.TODAY, CALENDAR))
    _say("Playing the demo cases, from April to September 2013 (about a minute) ...")
    demo.play(sessions, settings.attachments, lambda month: _say(f"  {month}"))


def _clock(settings: Settings, sessions: Sessions) -> Callable[[], datetime]:
    """The clock of this process. One that is set begins where it is told to, or where the record ended: time that has
    been seen never comes again."""
    if settings.clock is None:
        return wall_clock
    with sessions.read() as session:
        last = session.scalar(select(func.max(Record.at)))
    return clock_from(max(settings.clock, last or settings.clock))


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
    _say(f"\nDucha serves at http://{settings.host}:{settings.port}  (Ctrl+C stops it)")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _print_accounts() -> None:
    _say(f"\nDemo accounts (password: {demo.PASSWORD}):")
    for account in demo.ACCOUNTS:
        _say(f"  {account.id:<28} {account.name}")


def _print_problems(place: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        line = f":{problem.line}" if problem.line else ""
        print(f"{place}{line}: {problem.severity}: {problem}")


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


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
