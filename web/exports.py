"""Writes published processes into a folder, as `ducha deploy` and `ducha simulate` read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from engine import definitions, process_drafts
from engine.access import Actor
from faults import Fault
from web import bundles
from web.bundles import OutsideFolder


class NoSuchProcess(Fault):
    """No process “{key}” is published. Name one that is, or none to export all."""


def chosen(session: Session, keys: Sequence[str]) -> Mapping[str, int]:
    """Key -> its current version, of the processes that are named, or of all in use. Raises NoSuchProcess."""
    current = {version.process_key: version.id for version in definitions.all_current(session)}
    for key in keys:
        if key not in current:
            raise NoSuchProcess(key=key)
    return {key: current[key] for key in keys or current}


def write(session: Session, actor: Actor, versions: Iterable[int], folder: Path) -> list[Path]:
    """Versions of different processes, with their forms, tables and the scenarios that the actor may see.

    What lies in the folder under the same names is replaced.  Raises OutsideFolder, OSError.
    """
    found = [process_drafts.bundle_of_version(session, version_id) for version_id in versions]
    files = bundles.placed(bundles.package(session, actor, bundle) for bundle in found)
    return [_write(folder, name, data) for name, data in files.items()]


def _write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):  # a link in the folder may lead elsewhere
        raise OutsideFolder(name=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
