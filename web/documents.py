"""Commands for those who keep diagrams in git: check, simulate, deploy, export, import."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bpmn.decisions import check_decision, name_of
from bpmn.moment import Moment
from engine import impact
from engine.access import Actor
from engine.impact import Impact, Verdict
from engine.trials import TrialsFail
from faults import Problem, Refused
from web import exports
from web.command_words import EXIT, HELP, PLACES
from web.console import CALENDAR, list_problems, now, opened, say, tell
from web.settings import Settings
from web.wiring import wall_clock
from workflows import deploy, document_checks, simulation
from workflows.deploy import Deployed
from workflows.document_checks import Finding
from workflows.document_files import SUFFIXES, bundle_of, find

Run = Callable[[argparse.Namespace, Settings], int]

VERDICTS: Mapping[Verdict, str] = {
    "unaffected": "not touched",
    "movable": "can be moved",
    "blocked": "can't be moved",
}


class Withdraw(Exception):
    """What there is to tell was told; the transaction is taken back."""


def check(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Lists what is wrong with documents; 1 if one of them has an error."""
    found: list[Finding] = []
    for path in find(chosen.files, *SUFFIXES):
        found += (one for one in document_checks.check(path, chosen.role) if one not in found)
    if chosen.json:
        _say_json([_finding(one) for one in found])
    else:
        for one in found:
            say(str(one))
    return 1 if any(one.problem.severity == "error" for one in found) else 0


def simulate(chosen: argparse.Namespace, settings: Settings) -> int:
    """Plays diagrams and the tests of tables in memory, without a database; 1 if one fails."""
    moment = Moment(settings.clock or wall_clock(), CALENDAR)
    told: list[dict[str, Any]] = []
    for path in find(chosen.files, ".bpmn", ".dmn"):
        told += _simulated(path, chosen, moment)
    if chosen.json:
        _say_json(told)
    return 1 if any(not one["passes"] for one in told) else 0


def publish(chosen: argparse.Namespace, settings: Settings) -> int:
    """Publishes diagrams: all of them, or none if one is refused."""
    told: list[dict[str, Any]] = []
    try:
        with opened(settings) as sessions:
            moment = now(settings, sessions)
            with sessions.begin() as session:
                actor = deploy.publisher(session, chosen.account)
                for path in deploy.in_order(find(chosen.files, ".bpmn")):
                    told.append(_deployed(session, actor, path, chosen, moment))
                if chosen.dry_run or _refused(told):
                    raise Withdraw
    except Withdraw:
        tell("Nothing was published." if _refused(told) else "Nothing was changed: this was a dry run.")
    if chosen.json:
        _say_json(told)
    return 1 if _refused(told) else 0


def export(chosen: argparse.Namespace, settings: Settings) -> int:
    """Writes published processes, with forms, tables and scenarios, as files."""
    with opened(settings) as sessions, sessions.read() as session:
        versions = exports.chosen(session, chosen.keys)
        if not versions:
            tell("No process is published, so nothing was written.")
            return 0
        actor = deploy.publisher(session, chosen.account)
        for path in exports.write(session, actor, versions.values(), chosen.folder):
            say(str(path))
    return 0


def adopt(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Writes diagrams of other engines and their forms in our words; lists what was not taken over."""
    is_refused = False
    for path in find(chosen.files, ".bpmn", ".xml"):
        try:
            adopted = deploy.import_file(path, chosen.folder)
        except Refused as refused:
            list_problems(path, refused.problems)
            is_refused = True
            continue
        say(f"{path}: {adopted.origin or 'BPMN'}, {len(adopted.forms)} forms, {len(adopted.notes)} notes")
        list_problems(path, adopted.notes)
    return 1 if is_refused else 0


def add_commands(commands: Any) -> None:
    """Tell the parser (its subparsers) of them."""
    one = _command(commands, "check", check)
    one.add_argument("files", nargs="+", metavar="FILE", help="a .bpmn, .dmn or .json, or a folder")
    words = "a role of your office beside those of the program; may be repeated"
    one.add_argument("--role", action="append", default=[], metavar="ROLE", help=words)
    _add_json(one)
    one = _command(commands, "simulate", simulate)
    one.add_argument("files", nargs="+", metavar="FILE", help="a .bpmn or .dmn, or a folder")
    words = "play this one instead of those in scenarios/; may be repeated"
    one.add_argument("--scenario", type=Path, action="append", default=[], metavar="SCENARIO", help=words)
    _add_json(one)
    one = _command(commands, "deploy", publish)
    one.add_argument("files", nargs="+", metavar="FILE", help="a .bpmn, or a folder")
    words = "tell what would be changed, and what that would do to running cases; change nothing"
    one.add_argument("--dry-run", action="store_true", help=words)
    one.add_argument("--comment", default="", help="what has changed, and why; the name of the file if it is not given")
    one.add_argument("--reason", default="", help="why it is published although scenarios or tests of tables fail")
    _add_account(one)
    _add_json(one)
    one = _command(commands, "export", export)
    one.add_argument("keys", nargs="*", metavar="KEY", help="of processes; all that are in use, if none is named")
    one.add_argument("--folder", type=Path, required=True, help="where they are written")
    _add_account(one)
    one = _command(commands, "import", adopt)
    one.add_argument("files", nargs="+", metavar="FILE", help="a .bpmn or .xml, or a folder")
    one.add_argument("--folder", type=Path, default=Path(), help="where they are written; here, if it is not given")


# ---- deploy


def _deployed(session: Session, actor: Actor, path: Path, chosen: argparse.Namespace, moment: Moment) -> dict[str, Any]:
    """Publish one file and say what came of it; of one that is refused there are ``problems``, and nothing is kept."""
    try:
        with session.begin_nested():
            deployed = deploy.deploy(session, actor, path, chosen.comment or path.name, chosen.reason, moment)
    except Refused as refused:
        found = list(document_checks.placed(path, refused.problems))
        for one in () if chosen.json else found:
            say(str(one))
        if isinstance(refused, TrialsFail):
            tell(f"{path}: {refused.message} (--reason)")
        return {"file": str(path), "problems": [_finding(one) for one in found]}
    touched = _impact(session, actor, deployed, moment) if chosen.dry_run else None
    if not chosen.json:
        _say_deployed(deployed, touched)
    return _deployment(deployed, touched)


def _refused(told: Iterable[Mapping[str, Any]]) -> bool:
    return any("problems" in one for one in told)


def _impact(session: Session, actor: Actor, deployed: Deployed, moment: Moment) -> Impact:
    target = impact.target_of_version(session, deployed.version.id)
    return impact.assess(session, actor, target, {}, moment)


def _say_deployed(deployed: Deployed, touched: Impact | None) -> None:
    states = {"new": "", "again": ", which was published before", "unchanged": ", unchanged"}
    version = deployed.version
    say(f"{version.process_key}: version {version.number}{states[deployed.state]}")
    if deployed.scenarios:
        say(f"  scenarios added or changed: {deployed.scenarios}")
    if deployed.waiver:
        say(f"  published although this fails: {', '.join(deployed.waiver.failing)}")
    for line in _difference_lines(deployed):
        say(f"  {line}")
    if touched is not None and touched.cases:
        counts = (f"{touched.count(one)} {words}" for one, words in VERDICTS.items())
        say(f"  running cases on other versions, which stay there: {', '.join(counts)}")
        for group in touched.groups:
            for problem in group.problems if group.verdict == "blocked" else ():
                say(f"    {group.count} on version {group.number} at {', '.join(group.stands)}: {problem}")


def _difference_lines(deployed: Deployed) -> Iterator[str]:
    for one in deployed.changes:
        place = "#".join(part for part in (one.document, one.place) if part)
        values = f": {one.before or '-'} -> {one.after or '-'}" if one.before or one.after else ""
        yield " ".join(part for part in (one.kind, place, one.facet) if part) + values.replace("\n", " / ")


def _deployment(deployed: Deployed, touched: Impact | None) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "file": str(deployed.path),
        "process": deployed.version.process_key,
        "version": deployed.version.number,
        "state": deployed.state,
        "scenarios": deployed.scenarios,
        "failing": list(deployed.waiver.failing) if deployed.waiver else [],
        "changes": [
            {"document": one.document, "place": one.place, "kind": one.kind, "facet": one.facet, "before": one.before,
             "after": one.after}
            for one in deployed.changes
        ],
    }  # fmt: skip
    if touched is not None:
        whole["running"] = {one: touched.count(one) for one in VERDICTS}
    return whole


# ---- simulate


def _simulated(path: Path, chosen: argparse.Namespace, moment: Moment) -> list[dict[str, Any]]:
    """What was played: of a diagram its scenarios, and the tests of tables."""
    told = []
    try:
        if path.suffix == ".dmn":
            decisions = {path.stem: path.read_bytes()}
            _refuse_errors(check_decision(decisions[path.stem]))
        else:
            published, played = simulation.play(path, chosen.scenario, moment)
            decisions = dict(bundle_of(path).decisions)
            for one in played:
                words = [str(problem) for problem in one.problems]
                told.append({"file": str(path), "scenario": one.play.name, "passes": not words, "problems": words})
            if not chosen.json:
                say(f"{path}:")
                for line in simulation.report(published, played, moment):
                    say(line)
    except Refused as refused:
        words = [str(one) for one in document_checks.placed(path, refused.problems)]
        for line in () if chosen.json else words:
            say(line)
        return [{"file": str(path), "scenario": None, "passes": False, "problems": words}]
    return told + [_tested(path, name, data, chosen, moment) for name, data in sorted(decisions.items())]


def _refuse_errors(problems: tuple[Problem, ...]) -> None:
    if any(one.severity == "error" for one in problems):
        raise Refused(problems)


def _tested(path: Path, name: str, data: bytes, chosen: argparse.Namespace, moment: Moment) -> dict[str, Any]:
    tested = simulation.try_tables({name: data}, moment)
    words = [str(problem) for problem in tested.problems]
    if not chosen.json and tested.count:
        say(f"{name_of(data) or name}: {tested.count - len(words)} of {tested.count} tests end as expected")
        for line in words:
            say(f"  error: {line}")
    return {"file": str(path), "table": name, "tests": tested.count, "passes": not words, "problems": words}


# ---- what they share


def _command(commands: Any, name: str, run: Run) -> argparse.ArgumentParser:
    words, more = HELP[name]
    places = f" {PLACES}" if name in ("check", "simulate", "deploy") else ""
    whole = f"{words[0].upper()}{words[1:]}. {more}{places}"
    one: argparse.ArgumentParser = commands.add_parser(name, help=words, description=whole, epilog=EXIT)
    one.set_defaults(run=run)
    return one


def _add_json(one: argparse.ArgumentParser) -> None:
    one.add_argument("--json", action="store_true", help="print JSON, for programs")


def _add_account(one: argparse.ArgumentParser) -> None:
    words = "in whose name; the first administrator, if it is not given"
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help=words)


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "line": one.problem.line,
        "severity": one.problem.severity,
        "element": one.problem.element,
        "code": one.problem.code,
        "message": one.problem.message.format_map(_Kept(one.problem.params)),
    }


class _Kept(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))
