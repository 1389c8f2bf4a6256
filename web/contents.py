"""What the shipped documents say in Chinese: the msgids of the catalogue ``en``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import forms
from bpmn.diagram import read_diagram
from forms.document import read_form, texts
from web.words import sentences
from workflows import cast, deploy, organisation, traceability
from workflows.roles import ROLES, TASK_CODES

FORMS = Path(forms.__path__[0]) / "documents"


def messages() -> set[str]:
    return {text.strip() for text in _all() if text.strip()}


def _all() -> Iterator[str]:
    for path in deploy.shipped():
        yield from _in_diagram(path)
    for path in sorted(FORMS.glob("*/*.json")):
        yield from texts(read_form(json.loads(path.read_text("utf-8"))))
    yield from (unit.name for unit in organisation.units().values())
    yield from (role.title for role in ROLES.values())
    yield from TASK_CODES.values()
    yield from (person.name for person in cast.people())
    for names in traceability.papers().values():
        yield from names


def _in_diagram(path: Path) -> Iterator[str]:
    for process in read_diagram(path.read_bytes()).processes:
        yield from (process.name, sentences(process.documentation))
        for element in process.elements.values():
            yield from (element.name, sentences(element.documentation) if element.kind == "userTask" else "")
