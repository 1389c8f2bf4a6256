"""Documents in folders, as those keep them who have them in git: which there are, what belongs to which diagram.

The forms of process ``key`` lie in ``forms/<key>/`` beside its diagram, its decision tables in ``decisions/``, its
scenarios in ``scenarios/<key>/``. What is not there is looked for among the documents that come with the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bpmn.diagram import Diagram, read_diagram
from engine import scenarios
from engine.publish import Bundle
from engine.scripts import Play
from faults import Fault
from workflows.documents import DECISIONS, FORMS

SUFFIXES = (".bpmn", ".dmn", ".json")


class NothingFound(Fault):
    """There is no document in {path} that this command takes ({suffixes}). Name the folder in which they lie."""


class NotADocument(Fault):
    """{path} is no document that this command takes: it takes {suffixes} and folders."""


class NoSuchFile(Fault):
    """There is no file or folder {path}."""


class Unreadable(Fault):
    """{path}:{line}: This is no form document: it can't be read as JSON ({reason})."""


def find(names: Iterable[str | Path], *suffixes: str) -> tuple[Path, ...]:
    """The documents that are named, and those in the folders that are named, each once, in the order of their names.

    In folders, .json counts below ``forms`` and ``scenarios`` only.  A name with ``*`` stands for what it fits.  Raises
    NothingFound, NotADocument, NoSuchFile.
    """
    found: dict[Path, None] = {}
    for name in names:
        for path in _named(Path(name)):
            if path.is_dir():
                inside = [one for one in _inside(path) if one.suffix in suffixes]
                if not inside:
                    raise NothingFound(path=path, suffixes=", ".join(suffixes))
                found |= dict.fromkeys(inside)
            elif not path.is_file():
                raise NoSuchFile(path=path)
            elif path.suffix not in suffixes:
                raise NotADocument(path=path, suffixes=", ".join(suffixes))
            else:
                found[path] = None
    return tuple(found)


def bundle_of(path: Path) -> Bundle:
    """The diagram in the file with its forms and tables. Raises Refused for a diagram that can't be read, Unreadable,
    OSError."""
    data = path.read_bytes()
    diagram = read_diagram(data)
    forms = {name: _document(file) for name, file in form_files(diagram, path).items()}
    decisions = {name: file.read_bytes() for name, file in decision_files(diagram, path).items()}
    return Bundle(diagram=data, forms=forms, decisions=decisions)


def form_files(diagram: Diagram, path: Path) -> Mapping[str, Path]:
    """Of the user tasks, as far as there are files, by name."""
    names = (
        process.form_of(element)
        for process in diagram.processes
        for element in process.elements.values()
        if element.kind == "userTask"
    )
    return _files((name, (path.parent / "forms" / f"{name}.json", FORMS / f"{name}.json")) for name in names)


def decision_files(diagram: Diagram, path: Path) -> Mapping[str, Path]:
    """Of the business rule tasks, as far as there are files, by id."""
    names = (
        element.attributes["decision"]
        for process in diagram.processes
        for element in process.elements.values()
        if element.attributes.get("decision")
    )
    return _files((name, (path.parent / "decisions" / f"{name}.dmn", DECISIONS / f"{name}.dmn")) for name in names)


def plays(path: Path, key: str) -> tuple[Play, ...]:
    """The scenarios beside a diagram, in the order of their files. Raises BadScenario, OtherProcess, OSError."""
    return tuple(play(file, key) for file in sorted((path.parent / "scenarios" / key).glob("*.json")))


def play(file: Path, key: str) -> Play:
    """A scenario file of the process. Raises BadScenario, OtherProcess, which name it, OSError."""
    try:
        return scenarios.play_from(file.read_bytes(), key, file.stem)
    except Fault as fault:
        raise type(fault)("{path}: " + fault.message, path=file, **fault.params) from None


def is_scenario(data: bytes) -> bool:
    """Whether a .json is a scenario and no form."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "starts_at" in document and "fields" not in document


def _named(path: Path) -> Iterator[Path]:
    if path.exists() or not any(sign in str(path) for sign in "*?["):
        return iter((path,))
    root = Path(path.anchor)  # a shell has done this already, but not each
    return iter(sorted(root.glob(str(path.relative_to(root)))) or [path])


def _inside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") or part == "node_modules" for part in parts) or not path.is_file():
            continue
        if path.suffix != ".json" or {"forms", "scenarios"} & {*parts[:-1], *folder.resolve().parts[-2:]}:
            yield path


def _files(wanted: Iterable[tuple[str, tuple[Path, ...]]]) -> dict[str, Path]:
    """The first that is there. A name that climbs out of its folder leads nowhere."""
    found = {}
    for name, files in wanted:
        is_inside = ".." not in Path(name).parts and not Path(name).is_absolute()
        file = next((one for one in files if is_inside and one.is_file()), None)
        if file is not None:
            found[name] = file
    return found


def _document(file: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        raise Unreadable(path=file, line=error.lineno, reason=error.msg) from None
    except (ValueError, RecursionError):
        raise Unreadable(path=file, line=1, reason="its text is no UTF-8, or it is nested too deep") from None
    if not isinstance(document, dict):
        raise Unreadable(path=file, line=1, reason="it is no object")
    return document
