"""Brings the message catalogues up to date with the code and the documents.

Two kinds of messages stand in them: English msgids of the program (gettext calls, ``N_`` templates, the docstrings of
faults), which the catalogue ``zh_CN`` translates, and Chinese msgids (names in diagrams, forms, decision tables, roles,
the organisation), which the catalogue ``en`` translates.  `wanted` is what a catalogue must have; tests hold both
complete.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import bpmn
import engine
import faults
import forms
import web
import workflows
from faults import Fault
from web import contents
from web.language import LANGUAGES, catalogue_path

ROOT = Path(__file__).parent.parent
PACKAGES = (faults, bpmn, forms, engine, workflows, web)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None}

Message = str | tuple[str, str]


def wanted(language: str) -> set[Message]:
    """Every msgid that the catalogue of ``zh_CN`` or ``en`` must translate; plural messages are pairs."""
    return set(contents.messages()) if language == "en" else {*_in_code(), *_in_faults()}


def update() -> list[tuple[str, str]]:
    """Write both catalogues; returns (language, msgid) of what is not translated yet."""
    missing = []
    for language in LANGUAGES:
        path = catalogue_path(language)
        old = _read(path, language)
        fresh = Catalog(locale=language, project="ducha", charset="utf-8", fuzzy=False)
        for message in sorted(wanted(language), key=str):
            known = old.get(message[0] if isinstance(message, tuple) else message)
            fresh.add(message, known.string if known else None)
            if not known or not known.string or (isinstance(known.string, tuple) and not all(known.string)):
                missing.append((language, str(message)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=120, omit_header=False, sort_output=True)
    return missing


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _in_code() -> Iterator[Message]:
    for package in PACKAGES:
        folder = Path(next(iter(package.__path__)))
        methods = [("templates/**.html", "jinja2"), ("**.py", "python")]
        for _, _, message, _, _ in extract_from_dir(folder, methods, keywords=KEYWORDS):
            yield message if isinstance(message, str) else (message[0], message[1])


def _in_faults() -> Iterator[Message]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    ours = {package.__name__ for package in PACKAGES}
    for kind in [Fault, *_below(Fault)]:
        if kind.__module__.partition(".")[0] not in ours:
            continue  # of a test, or of whoever builds on this
        yield " ".join((kind.__doc__ or "").split())


def _below(kind: type[Fault]) -> Iterator[type[Fault]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
