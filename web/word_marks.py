"""Two texts word by word: which pieces of each are not in the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

# Chinese has no blanks between words: there each character counts for itself.
_TOKENS = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
LONGEST = 2_000  # tokens; what is longer is shown without marks, as matching takes their square
ALIKE = 0.3  # texts that share less are two texts: marks on every second character help nobody


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    differs: bool = False


Pieces = tuple[Piece, ...]


def marked(before: str, after: str) -> tuple[Pieces, Pieces]:
    """The pieces of both texts; joined they are the texts. Nothing is marked where one of them is empty."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if not old or not new or max(len(old), len(new)) > LONGEST:
        return _whole(before), _whole(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        left.append(Piece("".join(old[i:j]), what != "equal"))
        right.append(Piece("".join(new[k:m]), what != "equal"))
    shared = sum(len(piece.text) for piece in left if not piece.differs)
    if 2 * shared < ALIKE * (len(before) + len(after)):
        return (Piece(before, True),), (Piece(after, True),)
    return _joined(left), _joined(right)


def _whole(text: str) -> Pieces:
    return (Piece(text),) if text else ()


def _joined(pieces: Iterable[Piece]) -> Pieces:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].differs is piece.differs:
            found[-1] = Piece(found[-1].text + piece.text, piece.differs)
        else:
            found.append(piece)
    return tuple(found)
