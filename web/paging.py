"""Pages of lists."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

SIZE = 20
LAST = 10_000  # beyond, an offset is only work for the database


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // SIZE))


def number() -> int:
    """The page that the address asks for, from 1; whatever is no number is the first."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), LAST) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def offset() -> int:
    return (number() - 1) * SIZE


def page(total: int) -> Page:
    return Page(number(), total)
