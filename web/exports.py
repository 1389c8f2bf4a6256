"""Writes published processes into a folder, as `ducha deploy` and `ducha simulate` read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from engine import accounts, definitions, process_drafts, scenarios, scripts
from engine.access import ADMIN
from faults import Fault
from web import bundles
from workflows.deploy import NoAdministrator


class NoSuchProcess(Fault):
    """No process “{key}” is published. Name one that is, or none to export all."""


class OutsideFolder(Fault):
    """A file named {name} would lie outside the folder, so nothing more was written."""


def write(session: Session, keys: Sequence[str], folder: Path) -> list[Path]:
    """The current versions of the processes (all that are in use, if none is named) with forms, tables and scenarios.

    What lies in the folder under the same names is replaced.  Raises NoSuchProcess, NoAdministrator, OSError.
    """
    current = {version.process_key: version.id for version in definitions.all_current(session)}
    for key in keys:
        if key not in current:
            raise NoSuchProcess(key=key)
    written = []
    for key in keys or current:
        files = [*bundles.files(process_drafts.bundle_of_version(session, current[key])), *_scenarios(session, key)]
        written += [_write(folder, name, data) for name, data in files]
    return list(dict.fromkeys(written))


def _scenarios(session: Session, key: str) -> Iterator[tuple[str, bytes]]:
    administrators = accounts.holders(session, ADMIN)
    if not administrators:
        raise NoAdministrator
    taken: set[str] = set()
    for one in scenarios.of_process(session, accounts.actor(session, administrators[0].id), key):
        name = _free(one.name, taken)
        yield f"scenarios/{key}/{name}.json", scripts.written(scenarios.play_of(one)).encode()


def _free(name: str, taken: set[str]) -> str:
    """A name for a file, of letters and digits, that is not taken yet; then it is."""
    plain = re.sub(r"\W+", "-", name).strip("-")[:60] or "scenario"
    names: Iterable[str] = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    found = next(one for one in names if one.lower() not in taken)
    taken.add(found.lower())
    return found


def _write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OutsideFolder(name=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
