"""Processes as files: a .zip holds for each its diagram, its forms, its decision tables and its scenarios.

They lie in it as `ducha deploy` reads them: ``<key>.bpmn``, ``forms/<key>/<task>.json``, ``decisions/<id>.dmn``,
``scenarios/<key>/<name>.json``. A process with another form or table under a name that is taken gets a folder.
"""

from __future__ import annotations

import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from bpmn.diagram import Diagram, read_diagram
from bpmn.foreign.ids import subject
from engine import scenarios, scripts
from engine.access import ADMIN, Actor
from engine.publish import Bundle
from engine.scripts import Play
from faults import N_, Fault, Problem, Refused

__all__ = [
    "BadArchive", "BadFiles", "Bundle", "NothingInIt", "OutsideFolder", "Package", "package", "packed", "placed",
    "unpack",
]  # fmt: skip

LARGEST = 20 * 1024 * 1024  # bytes, unpacked
MOST_FILES = 2_000
_STAMP = (2000, 1, 1, 0, 0, 0)  # the same content gives the same file
_KINDS = (".bpmn", ".json", ".dmn")


class BadArchive(Fault):
    """The file is no .zip that can be read, or it holds too much. Export it anew and bring that in."""


class NothingInIt(Fault):
    """There is no diagram in the file. Choose a .bpmn file, or a .zip with one in it."""


class OutsideFolder(Fault):
    """A file named {name} would lie outside the folder, so nothing more was written."""


class BadFiles(Refused):
    """Files of the archive can't be taken over. Mend those that are listed and bring it in again."""


@dataclass(frozen=True, slots=True)
class Package:
    """A process with its scenarios; ``key`` is that of its diagram."""

    key: str
    bundle: Bundle
    plays: tuple[Play, ...] = ()


def package(session: Session, actor: Actor, bundle: Bundle) -> Package:
    """With the scenarios that the actor may see: administrators those of open cases, all others none."""
    key, _ = subject(read_diagram(bundle.diagram))
    return Package(key, bundle, scenarios.plays(session, actor, key) if actor.holds(ADMIN) else ())


def packed(found: Iterable[Package]) -> bytes:
    """A .zip of all of them; the same packages give the same bytes. Raises OutsideFolder."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in placed(found).items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def placed(found: Iterable[Package]) -> dict[str, bytes]:
    """Name -> content of all files, in the order of the processes. Raises OutsideFolder."""
    written: dict[str, bytes] = {}
    for one in sorted(found, key=lambda one: one.key):
        files = dict(_files(one))
        # A decision table may serve several processes; where theirs differ, each keeps its own.
        is_apart = any(written.get(name, data) != data for name, data in files.items())
        written |= {f"{one.key}/{name}" if is_apart else name: data for name, data in files.items()}
    for name in written:
        if "\\" in name or ".." in PurePosixPath(name).parts or name.startswith("/"):
            raise OutsideFolder(name=name)
    return written


def unpack(filename: str, data: bytes) -> list[Package]:
    """What is in an uploaded file, which is a diagram or a .zip. Raises BadArchive, BadFiles."""
    if not filename.lower().endswith(".zip") and not data.startswith(b"PK\x03\x04"):
        return [Package("", Bundle(data, {}, {}))]
    files = _unzipped(data)
    problems: list[Problem] = []
    found = [_package(name, files, problems) for name in sorted(files) if name.endswith(".bpmn")]
    if problems:
        raise BadFiles(problems)
    return found


# ---- out


def _files(package: Package) -> Iterator[tuple[str, bytes]]:
    yield f"{package.key}.bpmn", package.bundle.diagram
    for name, document in sorted(package.bundle.forms.items()):
        yield f"forms/{name}.json", (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    for name, table in sorted(package.bundle.decisions.items()):
        yield f"decisions/{name}.dmn", table
    taken: set[str] = set()
    for play in package.plays:
        yield f"scenarios/{package.key}/{_free(play.name, taken)}.json", scripts.written(play).encode()


def _free(name: str, taken: set[str]) -> str:
    """A name for a file, of letters and digits, that is not taken yet; then it is."""
    plain = re.sub(r"\W+", "-", name).strip("-")[:60] or "scenario"
    names: Iterable[str] = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    found = next(one for one in names if one.lower() not in taken)
    taken.add(found.lower())
    return found


# ---- in


def _unzipped(data: bytes) -> dict[str, bytes]:
    """File name -> content; folders and what is no diagram, form, table or scenario are passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith(_KINDS)]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > LARGEST:
                raise BadArchive
            return {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError,
            ValueError):  # fmt: skip
        raise BadArchive from None


def _package(name: str, files: Mapping[str, bytes], problems: list[Problem]) -> Package:
    text = files[name]
    try:
        diagram = read_diagram(text)
    except Refused:  # who brings it in says what is wrong, or gives the ids that are missing
        return Package("", Bundle(text, {}, {}))
    key, _ = subject(diagram)
    folder = name.rpartition("/")[0]
    forms = {}
    for form in sorted(_forms(diagram)):
        path = _beside(files, folder, f"forms/{form}.json") or _ending(files, f"{form}.json")
        document = _document(path, files[path], problems) if path else None
        if document is not None:
            forms[form] = document
    decisions = {}
    for table in sorted(_decisions(diagram)):
        path = _beside(files, folder, f"decisions/{table}.dmn") or _ending(files, f"{table}.dmn")
        if path:
            decisions[table] = files[path]
    return Package(key, Bundle(text, forms, decisions), tuple(_plays(key, folder, files, problems)))


def _plays(key: str, folder: str, files: Mapping[str, bytes], problems: list[Problem]) -> Iterator[Play]:
    """The scenarios beside the diagram; what is wrong with those that can't be read goes to ``problems``."""
    beside = f"{folder}/scenarios/{key}/".removeprefix("/")
    for path in sorted(files):
        name = path.removeprefix(beside)
        if not path.startswith(beside) or "/" in name or not name.endswith(".json"):
            continue
        try:
            yield scenarios.play_from(files[path], key, name.removesuffix(".json"))
        except Fault as fault:
            problems.append(Problem(path[:300], "scenario", fault.message, fault.params))


def _forms(diagram: Diagram) -> set[str]:
    return {
        process.form_of(element)
        for process in diagram.processes
        for element in process.elements.values()
        if element.kind == "userTask"
    }


def _decisions(diagram: Diagram) -> set[str]:
    return {
        element.attributes["decision"]
        for process in diagram.processes
        for element in process.elements.values()
        if element.attributes.get("decision")
    }


def _document(path: str, data: bytes, problems: list[Problem]) -> Mapping[str, Any] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict):
        return document
    problems.append(Problem(path[:300], "form", N_("This is no form document: it can't be read as JSON.")))
    return None


def _beside(files: Mapping[str, bytes], folder: str, name: str) -> str | None:
    path = f"{folder}/{name}".removeprefix("/")
    return path if path in files else None


def _ending(files: Mapping[str, bytes], end: str) -> str | None:
    """The file of that name, in whatever folder of the archive it lies; scenarios may be called alike."""
    found = (path for path in sorted(files) if path == end or path.endswith(f"/{end}"))
    return next((path for path in found if "scenarios" not in path.split("/")), None)
