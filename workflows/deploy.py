"""From document files to published versions: a diagram with the forms, decision tables and scenarios beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.diagram import read_diagram
from bpmn.foreign import Adopted, adopt
from bpmn.foreign.ids import subject
from bpmn.moment import Moment
from engine import accounts, definitions, differences, process_drafts, scenarios, trials
from engine.access import ADMIN, Actor
from engine.differences import Change
from engine.process_changes import Waiver
from engine.publish import content_hash, publish
from engine.tables import Version
from faults import Fault, Refused
from workflows.document_files import bundle_of, plays
from workflows.documents import PROCESSES
from workflows.services import SERVICES

# What is called must be published before its caller.
SHIPPED = (
    "change_request",
    "item_progress",
    "rectification",
    "objection_review",
    "common_problem",
    "campaign_setup",
    "ledger_establishment",
    "leader_instruction",
    "municipal_escalation",
    "onsite_supervision",
    "performance_assessment",
    "joint_supervision",
    "public_opinion",
    "disclosure_cycle",
    "democratic_supervision",
    "flash_bulletin",
    "monthly_cycle",
    "quarterly_report",
    "media_supervision",
    "accountability",
)


class NoAdministrator(Fault):
    """There is no account with the role admin, in whose name to publish. Create one first."""


class NotAnAdministrator(Fault):
    """There is no account {account} that holds the role admin. Name one that does, or none to take the first."""


class SameProcess(Fault):
    """{path} and {other} are both the process “{key}”. Deploy one of them."""


class NoProcess(Fault):
    """{path} has no process that can be executed, so there is nothing to publish."""


class AlreadyThere(Fault):
    """{path} exists already and was left as it is. Choose another folder, or move the file away."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of a file. ``again``: an earlier version became the current one; ``changes`` are those to what was.

    ``scenarios``: how many were added or changed.
    """

    path: Path
    version: Version
    state: Literal["new", "again", "unchanged"]
    changes: tuple[Change, ...]
    waiver: Waiver | None
    scenarios: int


def shipped() -> tuple[Path, ...]:
    """The diagrams that come with the program, those that are called first."""
    return tuple(PROCESSES / f"{key}.bpmn" for key in SHIPPED)


def deploy_file(session: Session, path: Path, moment: Moment) -> Version:
    """Publish a diagram file for the first administrator, without trying it. Raises Refused, NoAdministrator."""
    return publish(session, publisher(session, None), bundle_of(path), path.name, SERVICES, moment)


def deploy_shipped(session: Session, moment: Moment) -> tuple[Version, ...]:
    """Publish the shipped processes; what is published already stays as it is."""
    return tuple(deploy_file(session, path, moment) for path in shipped())


def publisher(session: Session, account: str | None) -> Actor:
    """In whose name files are published: that account, or the first administrator.

    Raises NoAdministrator, NotAnAdministrator.
    """
    administrators = [one.id for one in accounts.holders(session, ADMIN)]
    if account is not None and account not in administrators:
        raise NotAnAdministrator(account=account)
    if not administrators:
        raise NoAdministrator
    return accounts.actor(session, account or administrators[0])


def in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Those that are called before those that call them. What can't be read comes first: who deploys it says why.

    Raises SameProcess, NoProcess, OSError.
    """
    calls: dict[str, frozenset[str]] = {}
    files: dict[str, Path] = {}
    found: dict[Path, None] = {}
    for path in paths:
        try:
            process = next((one for one in read_diagram(path.read_bytes()).processes if one.executable), None)
        except Refused:
            found[path] = None
            continue
        if process is None:
            raise NoProcess(path=path)
        if process.key in files:
            raise SameProcess(path=path, other=files[process.key], key=process.key)
        files[process.key] = path
        calls[process.key] = frozenset(one.called for one in process.elements.values() if one.called)
    left = dict(files)
    while left:
        free = [key for key in left if not (calls[key] - {key}) & left.keys()]
        for key in free or left.copy():  # a circle of calls: the check of the first one names it
            found[left.pop(key)] = None
    return tuple(found)


def deploy(session: Session, actor: Actor, path: Path, comment: str, reason: str, moment: Moment) -> Deployed:
    """Publish a diagram file, if it differs from what is current, by the same rules as the page of a draft.

    The scenarios beside it become those of the process: new ones are added, those of the same name changed.  Raises
    Refused, PublishRefused, TrialsFail (unless there is a reason), Unreadable, BadScenario, OtherProcess.
    """
    bundle = bundle_of(path)
    key, _ = subject(read_diagram(bundle.diagram))
    played = scenarios.replace_named(session, actor, key, plays(path, key), moment)
    before = definitions.current(session, key)
    if before is not None and before.content_hash == content_hash(bundle):
        return Deployed(path, before, "unchanged", (), None, played)
    same = select(Version.id).where(Version.process_key == key, Version.content_hash == content_hash(bundle))
    is_known = session.scalar(same) is not None
    waiver = trials.demand(session, actor, key, bundle, reason, SERVICES, moment)
    version = publish(session, actor, bundle, comment, SERVICES, moment, waiver)
    kept = process_drafts.bundle_of_version(session, before.id) if before else None
    changes = differences.of_bundles(kept, bundle) if kept else ()
    return Deployed(path, version, "again" if is_known else "new", changes, waiver, played)


def import_file(path: Path, folder: Path) -> Adopted:
    """Write the diagram of another engine, in our words, and its forms into a folder that `deploy` can read.

    Raises Refused for what is no diagram, AlreadyThere before anything is written, OSError.
    """
    adopted = adopt(path.read_bytes())
    key, _ = subject(read_diagram(adopted.diagram))
    files = {folder / f"{key}.bpmn": adopted.diagram}
    for name, document in adopted.forms.items():
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        files[folder / "forms" / f"{name}.json"] = text.encode()
    for file in files:
        if file.exists():
            raise AlreadyThere(path=file)
    for file, data in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return adopted
