"""A paper as it is to be printed: a frozen value that both renderers lay out, made while the database is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.papers import sheet
from workflows.papers.blocks import Block, blocks_of
from workflows.papers.kinds import PAPERS, Kind, Layout
from workflows.papers.text import Text
from workflows.tables import Paper


@dataclass(frozen=True, slots=True)
class Printed:
    """``mark`` stands in red at the head, ``note`` at the top left; ``signer`` only where a superior is written to."""

    layout: Layout
    mark: str
    note: str
    number: str
    signer: str
    title: str
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    issuer: str
    day: date
    copies: tuple[str, ...]

    @property
    def day_words(self) -> str:
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


def printed(paper: Paper) -> Printed:
    """Raises KeyError for a kind that is no longer there."""
    kind = PAPERS[paper.kind]
    return Printed(
        layout=kind.layout,
        mark=_mark(kind, paper.issuer),
        note=sheet.CLASS_WORDS.get(paper.classification, ""),
        number=paper.number or "",
        signer=(paper.signer or "") if kind.upward else "",
        title=paper.title,
        addressees=tuple(paper.addressees),
        blocks=blocks_of(paper.body),
        issuer=paper.issuer,
        day=paper.issued_on,
        copies=tuple(paper.copies),
    )


def sampled(kind: Kind, text: Text, paper: Mapping[str, Any], day: date) -> Printed:
    """The made-up paper of a preview."""
    issuer = paper.get("issuer") or kind.issuer
    return Printed(
        layout=kind.layout,
        mark=_mark(kind, issuer),
        note=sheet.CLASS_WORDS.get(paper.get("classification") or "public", ""),
        number=paper.get("number") or "",
        signer=(paper.get("signer") or "") if kind.upward else "",
        title=text.title,
        addressees=tuple(paper.get("addressees") or ()),
        blocks=blocks_of(text.html),
        issuer=issuer,
        day=day,
        copies=tuple(paper.get("copies") or ()),
    )


def _mark(kind: Kind, issuer: str) -> str:
    """发文机关标志: what the kind says, else the issuer, with 文件 where it is a red head."""
    return kind.mark or (f"{issuer}文件" if kind.layout == "official" else "")
