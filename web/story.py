"""The record of a case as people read it, and the same as marks on its diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from bpmn.diagram import Process
from engine.history import Entry
from engine.progress import Mark, Marks
from faults import N_
from forms.fields.kind import Shown
from forms.shown import shown
from web.naming import Lookup
from web.words import content, gettext, template

# What the entries of a record are called. ``{element}`` is the name of the step it happened at.
TITLES: Mapping[str, str] = {
    "started": N_("Started"),
    "claimed": N_("{element}: taken"),
    "released": N_("{element}: given back to the group"),
    "urged": N_("{element}: urged"),
    "rerouted": N_("{element}: assigned anew"),
    "assigned": N_("{element}: given to a person by an administrator"),
    "skipped": N_("{element}: skipped"),
    "unrestricted": N_("Shown again to all who could see it before"),
    "restricted": N_("Shown from now on only to those who have to deal with it"),
    "woken": N_("{element}: the time had come"),
    "delivered": N_("{element}: message received"),
    "served": N_("{element}: done by the system"),
    "answered": N_("{element}: the called case has answered"),
    "failed": N_("{element}: failed"),
    "retried": N_("{element}: tried again"),
    "returned": N_("{element}: returned"),
    "cancelled": N_("Cancelled"),
    "moved": N_("Moved to another version of the process"),
    "continued": N_("Went on"),
}
KINDS: Mapping[str, str] = {
    "started": "start",
    "completed": "done",
    "returned": "return",
    "failed": "failed",
    "cancelled": "cancelled",
}
SKIPS: Mapping[str, str] = {
    "nobody": N_("Nobody may do it, so the case went on without it."),
    "repeated": N_("The same person has done this before in another step, so it was not asked again."),
}
ENDS: Mapping[str, str] = {
    "completed": N_("Finished"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Halted for good"),
}


@dataclass(frozen=True, slots=True)
class Beat:
    """One line of the story. ``kind`` is start, done, return, system, failed, cancelled or end."""

    kind: str
    title: str
    at: datetime
    who: str = ""
    words: str = ""
    answers: tuple[Shown, ...] = ()
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Beats that are told together: one of a person, or a run of what the system did by itself, which is folded."""

    beats: tuple[Beat, ...]

    @property
    def folded(self) -> bool:
        return self.beats[0].kind == "system"


def beats(entries: Iterable[Entry], process: Process, lookup: Lookup) -> list[Beat]:
    """The story, newest first as the entries are; ``lookup`` names organisations, accounts and references."""
    told: list[Beat] = []
    for entry in entries:
        if ended := entry.data.get("ended"):
            told.append(_end(entry, ended, process))
        told += [_trouble(entry, one, process) for one in entry.data.get("troubles", ())]
        told.append(_beat(entry, process, lookup))
    return told


def chapters(told: Iterable[Beat]) -> list[Chapter]:
    """Runs of system beats as one chapter each, all else by itself."""
    runs = groupby(told, key=lambda beat: beat.kind == "system")
    return [chapter for by_system, run in runs for chapter in _chapters(by_system, tuple(run))]


def progress(marks: Marks, here: str | None = None) -> dict[str, Any]:
    """What islands/viewer.js draws: the state of each element, how often it was passed, and the flows taken."""
    elements = {
        element: {"state": _state(mark), "times": mark.done + mark.active + mark.cancelled}
        for element, mark in marks.elements.items()
    }
    return {"elements": elements, "flows": list(marks.flows), "here": here}


def name_of(process: Process, element: str | None) -> str:
    """What pages call an element: its name, else its id."""
    found = process.elements.get(element or "")
    return (content(found.name) if found else "") or element or ""


def _chapters(by_system: bool, run: tuple[Beat, ...]) -> list[Chapter]:
    return [Chapter(run)] if by_system else [Chapter((beat,)) for beat in run]


def _state(mark: Mark) -> str:
    if mark.failed:
        return "failed"
    if mark.active:
        return "active"
    return "completed" if mark.done else "cancelled"


def _beat(entry: Entry, process: Process, lookup: Lookup) -> Beat:
    element = content(entry.element_name) or entry.element or gettext("The case")
    title = TITLES.get(entry.what)
    return Beat(
        kind=KINDS.get(entry.what, "system"),
        title=template(title, {"element": element}) if title else element,
        at=entry.at,
        who=_who(entry),
        words=_words(entry, process),
        answers=_answers(entry, lookup),
        opinion=entry.opinion,
    )


def _who(entry: Entry) -> str:
    name = content(entry.actor_name) or entry.actor or ""
    if entry.on_behalf_of is None:
        return name
    return gettext("%(name)s, entered by %(by)s", name=content(entry.on_behalf_of), by=name)


def _answers(entry: Entry, lookup: Lookup) -> tuple[Shown, ...]:
    if entry.form is None:
        return ()
    # The opinion is quoted below the answers, not listed among them.
    given = {name: value for name, value in entry.answers.items() if name != "opinion"}
    return shown(entry.form, given, lookup, content)


def _words(entry: Entry, process: Process) -> str:
    if entry.what == "cancelled" and entry.data.get("reason"):
        return gettext("Reason: %(reason)s", reason=entry.data["reason"])
    if entry.what == "skipped":
        return gettext(SKIPS.get(str(entry.data.get("why")), SKIPS["nobody"]))
    if entry.what == "moved":
        numbers = {name: entry.data.get(f"{name}_number") for name in ("from", "to")}
        return template(N_("From version {from} to version {to}"), numbers)
    opened = dict.fromkeys(one["element"] for one in entry.data.get("opened", ()))
    if opened:
        names = gettext(", ").join(name_of(process, element) for element in opened)
        return gettext("Next: %(names)s", names=names)
    return ""


def _trouble(entry: Entry, trouble: Mapping[str, Any], process: Process) -> Beat:
    where = name_of(process, trouble.get("element"))
    words = template(trouble.get("message", ""), trouble.get("params", {}))
    return Beat("failed", gettext("%(element)s: can't go on by itself", element=where), entry.at, words=words)


def _end(entry: Entry, ended: Mapping[str, Any], process: Process) -> Beat:
    status = str(ended.get("status"))
    element = ended.get("element")
    words = name_of(process, element) if element else ""
    kind = {"completed": "end", "failed": "failed"}.get(status, "cancelled")
    return Beat(kind, gettext(ENDS.get(status, ENDS["completed"])), entry.at, words=words)
