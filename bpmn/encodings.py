"""The text of an XML file in whatever encoding it was saved; other tools don't write UTF-8 only."""

from __future__ import annotations

import codecs
import re

# Byte order marks; those of UTF-32 begin like those of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))  # UTF-16 with a declaration, but without a mark

# What a declaration may name, as `codecs` calls it. None of these hides a sign of ASCII behind other signs, as UTF-7
# does; GB 18030 holds the older Chinese sets.
_DECLARED = {
    "iso8859-1": "cp1252", "iso8859-2": "iso8859-2", "iso8859-15": "iso8859-15", "cp1252": "cp1252",
    "cp1250": "cp1250", "cp1251": "cp1251", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5", "shift_jis": "shift_jis", "euc_jp": "euc_jp", "euc_kr": "euc_kr", "ascii": "cp1252",
}  # fmt: skip
_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def decoded(data: bytes) -> str | None:
    """The text; None for what is no text. UTF-8 is tried first, whatever the declaration says."""
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def undeclared(text: str) -> str:
    """The text without its XML declaration, which may name another encoding; lines keep their numbers."""
    return re.sub(r"^\s*<\?xml\b[^>]*\?>", lambda match: "\n" * match[0].count("\n"), text, count=1)


def as_utf8(data: bytes) -> bytes:
    """The same document in UTF-8; unchanged if it is that already and says nothing else, or is no text."""
    text = decoded(data)
    declared = _DECLARATION.match(data[:300])
    says_so = declared is None or declared[1].lower() in (b"utf-8", b"utf8")
    if text is None or (says_so and text.encode("utf-8", "surrogatepass") == data):
        return data
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + undeclared(text).lstrip().encode("utf-8", "surrogatepass")


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, encoding in (*_MARKS, *_BARE):
        if data.startswith(mark):
            return (encoding,)
    found = _DECLARATION.match(data[:300])
    if found is None:
        return ("utf-8",)
    try:
        named = codecs.lookup(found[1].decode()).name
    except LookupError:
        return ("utf-8",)
    return ("utf-8", _DECLARED[named]) if named in _DECLARED else ("utf-8",)
