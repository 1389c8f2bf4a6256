"""The sheet of paper: the measures of GB/T 9704-2012 and the faces, for both renderers.

All lengths are millimetres unless their name says otherwise. Source: domain guide, section 7 (R14; R13 for bulletins).
"""

from __future__ import annotations

import math
import re

POINT = 25.4 / 72  # millimetres

WIDTH, HEIGHT = 210.0, 297.0  # A4
TOP, LEFT = 37.0, 28.0
TEXT_WIDTH, TEXT_HEIGHT = 156.0, 225.0
RIGHT, BOTTOM = WIDTH - LEFT - TEXT_WIDTH, HEIGHT - TOP - TEXT_HEIGHT
LINES, CHARACTERS = 22, 28
LINE = TEXT_HEIGHT / LINES
CHARACTER = TEXT_WIDTH / CHARACTERS

# The sizes of Chinese type in points.
SIZE_TITLE, SIZE_TEXT, SIZE_SMALL = 22.0, 16.0, 14.0  # 2号, 3号, 4号
TITLE_CHARACTERS = 20  # of that size in a line
MARK_DOWN = 35.0  # from the top of the type area to the issuer's mark
RULE_BELOW_NUMBER = 4.0
RULE_WIDTH = 0.7
PAGE_NUMBER_BELOW = 7.0
DATE_INDENT = 4  # characters from the right, where a seal is put
COPY_RULE, COPY_RULE_INNER = 0.35, 0.25
RED = "E60012"

# What a paper of a class bears at the top left. Marks of secrecy are for state secrets, which are not kept here.
CLASS_WORDS = {"public": "", "internal": "内部资料", "work_secret": "工作秘密"}

_STAYS = re.compile(r"[0-9A-Za-z.]{2}|.[、，。：；）〕》”’％%]|[（〔《“‘].")
_VERB = re.compile(r"关于(?:开展|印发|提请|报送|办理|加强|做好|督办|协调解决|解决|落实|调整|限期整改|同意|研究)?")


def title_lines(title: str) -> tuple[str, ...]:
    """A title over lines of like length: broken after 关于 and its verb where that fits, else in the middle.

    GB/T 9704-2012, 7.3.1: 词意完整, 排列对称, 长短适宜.  Punctuation and digits stay with what is before them.
    """
    count = math.ceil(len(title) / TITLE_CHARACTERS)
    if count <= 1:
        return (title,)
    verb = _VERB.search(title)
    split = verb.end() if verb and count == 2 else 0
    if split >= TITLE_CHARACTERS // 3 and max(split, len(title) - split) <= TITLE_CHARACTERS:
        return title[:split], title[split:]
    end = math.ceil(len(title) / count)
    while end < len(title) and end < TITLE_CHARACTERS and _STAYS.match(title[end - 1 : end + 1]):
        end += 1
    return title[:end], *title_lines(title[end:])
