"""Finished cases played on a draft a few seconds at a time: what has been played is remembered, so that the page shows
how far it is and goes on from there.

It is remembered in this process alone, and for a few drafts: whoever comes to another process plays them anew.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from engine import replay
from engine.publish import Bundle
from engine.replay import Replay
from web import transaction
from web.grounds import Ground
from web.sessions import actor
from web.transaction import database, moment

AT_ONCE = 1.5  # seconds that one request plays
TOGETHER = 10  # cases that are read together
KEPT = 4  # drafts of which it is remembered


def play_on(ground: Ground, ids: Sequence[str]) -> list[Replay]:
    """What is known of these cases after playing for a while, in their order. Ends the transaction."""
    known = _KNOWN.of(ground)
    todo = [one for one in ids if one not in known]
    until = time.monotonic() + AT_ONCE
    while todo and ground.published is not None:
        some, todo = todo[:TOGETHER], todo[TOGETHER:]
        gathered = replay.gather_some(database(), actor(), ground.process_key, some)
        transaction.end()  # playing takes a while, and nobody is to wait for it
        for one in replay.play(gathered, ground.published, moment().calendar):
            known[one.instance_id] = replay.summed(one)
        if time.monotonic() > until:
            break
    return [known[one] for one in ids if one in known]


class _Known:
    """By the documents of the draft, so that a change to them begins anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drafts: OrderedDict[str, dict[str, Replay]] = OrderedDict()

    def of(self, ground: Ground) -> dict[str, Replay]:
        key = f"{ground.process_key} {_digest(ground.bundle)}"
        with self._lock:
            found = self._drafts.setdefault(key, {})
            self._drafts.move_to_end(key)
            while len(self._drafts) > KEPT:
                self._drafts.popitem(last=False)
            return found


def _digest(bundle: Bundle) -> str:
    found = hashlib.sha256(bundle.diagram)
    found.update(json.dumps(dict(bundle.forms), sort_keys=True, default=str).encode())
    for name, data in sorted(bundle.decisions.items()):
        found.update(name.encode() + b"\0" + data)
    return found.hexdigest()


_KNOWN = _Known()
