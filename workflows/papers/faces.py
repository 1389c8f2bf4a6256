"""Faces of type: which family stands for each of the faces that the standard names, of those that are there.

The official faces (方正小标宋, 仿宋_GB2312 ...) may not be given away, so none comes with the program.  The first that
is installed, or lies in the folder of fonts, is taken; ``install/faces.sh`` fetches a free one where there is none.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import typst

from faults import Fault

_SONG = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Songti SC", "STSong",
    "SimSun", "AR PL UMing CN")  # fmt: skip
_HEI = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Microsoft YaHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")  # fmt: skip

_FANG = ("FangSong_GB2312", "FangSong", "仿宋_GB2312", "仿宋", "STFangsong", "Zhuque Fangsong (technical preview)",
    "FandolFang R")  # fmt: skip
_KAI = ("KaiTi_GB2312", "KaiTi", "楷体_GB2312", "楷体", "STKaiti", "Kaiti SC", "LXGW WenKai", "FandolKai",
    "AR PL UKai CN")  # fmt: skip

# Face -> families in order of preference: the official one first.
STACKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong"),
        "body": _FANG,
        "hei": ("SimHei", "黑体", "STHeiti", "Heiti SC", *_HEI),
        "kai": _KAI,
        "song": ("SimSun", "宋体", "STSong", "Songti SC", *_SONG),
    }
)
# What a .docx names: whoever opens it has these, or a substitute that his program chooses.
NAMED: Mapping[str, str] = MappingProxyType(
    {"title": "方正小标宋简体", "body": "仿宋_GB2312", "hei": "黑体", "kai": "楷体_GB2312", "song": "宋体"}
)
REGULAR, BOLD, BLACK = 400, 700, 900


@dataclass(frozen=True, slots=True)
class Face:
    """``weight`` is bold where the family is not the one that is meant but stands in for it."""

    family: str
    weight: int = REGULAR


class NoFace(Fault):
    """There is no Chinese font on this machine, so no PDF can be made. Take the .docx, or tell the administrator."""


@cache
def found(folder: Path) -> typst.Fonts:
    """The fonts of the machine and of a folder, looked for once."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder])


def families(folder: Path) -> tuple[str, ...]:
    """The names of the families that are there."""
    return tuple(found(folder).families())


def choose(families: Collection[str]) -> dict[str, Face]:
    """A face for each of STACKS, out of the families that are there. Raises NoFace."""
    there = frozenset(families)
    fallback = next((name for name in (*_SONG, *_HEI) if name in there), None)
    chosen = {}
    for face, stack in STACKS.items():
        family = next((name for name in stack if name in there), None)
        if family is None and fallback is None:
            raise NoFace()
        stands_in = BOLD if face in ("title", "hei") else REGULAR
        chosen[face] = Face(family) if family else Face(fallback or "", stands_in)
    return chosen


def are_there(families: Collection[str]) -> bool:
    """Whether some Chinese face is among the families."""
    try:
        choose(families)
    except NoFace:
        return False
    return True


if __name__ == "__main__":
    raise SystemExit(not are_there(families(Path(sys.argv[1]))))
