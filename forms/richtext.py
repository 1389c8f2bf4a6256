"""Rich text is a small subset of HTML, sanitised whenever it comes in and whenever it goes out.

It is edited in a plain text area: text without any tag of the subset is taken as plain text, in which an empty line
begins a paragraph.  What came from plain text is offered as plain text again.
"""

from __future__ import annotations

import html
import re

import nh3

_BLOCKS = frozenset({"p", "br", "hr", "ul", "ol", "li", "blockquote", "h3", "h4"})
_TABLES = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
TAGS = _BLOCKS | _TABLES | {"a", "strong", "b", "em", "i", "u", "s", "sub", "sup"}
_SPANS = {"colspan", "rowspan"}
_ATTRIBUTES = {"a": {"href"}, "td": _SPANS, "th": _SPANS}
_SCHEMES = {"http", "https", "mailto"}
_TAG = re.compile(r"<(?:/?)(?:" + "|".join(sorted(TAGS)) + r")(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PLAIN = re.compile(r"(?:<p>(?:[^<>]|<br>)*</p>\s*)*")


def is_rich(text: str) -> bool:
    """Whether the text holds a tag of the subset, and so is no plain text."""
    return _TAG.search(text) is not None


def clean(text: str) -> str:
    """Safe HTML of the subset; empty where nothing that can be read is left."""
    source = text if is_rich(text) else from_text(text)
    safe = nh3.clean(
        source,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return safe.strip() if nh3.clean(safe, tags=set()).strip() else ""


def from_text(text: str) -> str:
    """Plain text as paragraphs."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return "\n".join(
        "<p>" + html.escape(part.strip("\n"), quote=False).replace("\n", "<br>") + "</p>"
        for part in paragraphs
        if part.strip()
    )


def to_text(source: str) -> str:
    """What to put into the text area: plain text where the HTML holds nothing but paragraphs, else the HTML."""
    if not _PLAIN.fullmatch(source):
        return source
    paragraphs = re.findall(r"<p>(.*?)</p>", source, re.DOTALL)
    return "\n\n".join(html.unescape(part.replace("<br>", "\n")) for part in paragraphs) or source
