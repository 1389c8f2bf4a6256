"""Bundles as files: a .zip holds for each process its diagram, its forms and its decision tables.

They lie in it as `ducha deploy` reads them: ``<key>.bpmn``, ``forms/<key>/<task>.json``, ``decisions/<id>.dmn``.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from bpmn.diagram import Diagram, read_diagram
from bpmn.foreign.ids import subject
from engine.publish import Bundle
from faults import Fault, Refused

__all__ = ["BadArchive", "Bundle", "NothingInIt", "files", "packed", "unpack"]

LARGEST = 20 * 1024 * 1024  # bytes, unpacked
MOST_FILES = 2_000
_STAMP = (2000, 1, 1, 0, 0, 0)  # the same content gives the same file


class BadArchive(Fault):
    """The file is no .zip that can be read, or it holds too much. Export it anew and bring that in."""


class NothingInIt(Fault):
    """There is no diagram in the file. Choose a .bpmn file, or a .zip with one in it."""


def packed(found: Iterable[Bundle]) -> bytes:
    """A .zip of all of them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        written: set[str] = set()
        for bundle in found:
            for name, data in files(bundle):
                if name not in written:  # a decision table may serve several processes
                    written.add(name)
                    archive.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def files(bundle: Bundle) -> Iterable[tuple[str, bytes]]:
    """(name, content) of each file, as `ducha deploy` reads them."""
    key, _ = subject(read_diagram(bundle.diagram))
    yield f"{key}.bpmn", bundle.diagram
    for name, document in sorted(bundle.forms.items()):
        yield f"forms/{name}.json", (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    for name, table in sorted(bundle.decisions.items()):
        yield f"decisions/{name}.dmn", table


def unpack(filename: str, data: bytes) -> list[Bundle]:
    """The bundles in an uploaded file, which is a diagram or a .zip. Raises BadArchive, Refused."""
    if not filename.lower().endswith(".zip") and not data.startswith(b"PK\x03\x04"):
        return [Bundle(data, {}, {})]
    found = _unzipped(data)
    diagrams = {name: text for name, text in found.items() if name.endswith(".bpmn")}
    return [_bundle(text, found) for _, text in sorted(diagrams.items())]


def _unzipped(data: bytes) -> Mapping[str, bytes]:
    """File name -> content; folders and what is neither diagram, form nor table are passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith((".bpmn", ".json", ".dmn"))]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > LARGEST:
                raise BadArchive
            return {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise BadArchive from None


def _bundle(text: bytes, files: Mapping[str, bytes]) -> Bundle:
    try:
        diagram = read_diagram(text)
    except Refused:  # who brings it in says what is wrong, or gives the ids that are missing
        return Bundle(text, {}, {})
    forms = {name: document for name in _forms(diagram) if (document := _form(files, name)) is not None}
    decisions = {name: table for name in _decisions(diagram) if (table := _ending(files, f"{name}.dmn")) is not None}
    return Bundle(text, forms, decisions)


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


def _form(files: Mapping[str, bytes], name: str) -> Mapping[str, Any] | None:
    data = _ending(files, f"{name}.json")
    if data is None:
        return None
    try:
        document = json.loads(data)
    except ValueError:
        raise BadArchive from None
    return document if isinstance(document, dict) else None


def _ending(files: Mapping[str, bytes], end: str) -> bytes | None:
    """The file of that name, in whatever folder of the archive it lies."""
    return next((data for name, data in sorted(files.items()) if name == end or name.endswith(f"/{end}")), None)
