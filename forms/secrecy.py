"""Marks of secrecy: state secrets may not be kept on this system, and what is none may not be marked as one.

Source: Law on Guarding State Secrets, by the domain guide R15 (绝密, 机密, 秘密; 最长 30, 20, 10 年).
"""

from __future__ import annotations

import re

from faults import N_

MARKED = N_(
    "“{mark}” is a mark of secrecy. State secrets may not be kept on this system, and what is none may not "
    "bear such a mark. Take it out."
)
# 机密★1年, 秘密☆长期, and a line that says nothing but 绝密 or 秘密 10年. The word within a sentence is no mark.
_MARK = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆*✩✭]"
    r"|(?:^|[\n>])[\s【〔\[（(]*(?:绝\s*密|机\s*密|(?<!工作)秘\s*密)[\s】〕\]）)]*(?:(?:\d+|[一二三十]+)\s*年|长期)?\s*(?=$|[\n<])"
)
_BREAK = re.compile(r"</(?:p|h\d|li|td|th|tr|blockquote)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def marks(text: str) -> tuple[str, ...]:
    """The marks of secrecy in a text or HTML, as they stand there."""
    plain = _TAG.sub("", _BREAK.sub("\n", text))
    return tuple(dict.fromkeys(" ".join(found[0].split()) for found in _MARK.finditer(plain)))
