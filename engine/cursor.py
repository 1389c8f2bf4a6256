"""Where a page of a list ends, as a text that a link can carry."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime


def write_cursor(at: datetime, last: str) -> str:
    """The place after the row with this instant and id."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), last]).encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[datetime, str] | None:
    """What `write_cursor` wrote; None for everything else, so that a broken link shows the first page."""
    if not text:
        return None
    try:
        at, last = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        place = datetime.fromisoformat(at), str(last)
    except (ValueError, TypeError, binascii.Error):
        return None
    return place if place[0].tzinfo is not None else None
