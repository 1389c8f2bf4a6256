"""Personal data in texts: found and made unreadable before anything is shown to the public.

A text is looked at as people read it, not as it is encoded: full-width and Chinese digits count as digits, and
characters that can't be seen are taken out first.  One visible table of kinds; each pattern looks at a bounded number
of characters around its own, so that a hostile text costs no more than a long one.
Source: domain guide, D8 "personal data -> mask"; what counts as such follows the usual lists (phone, id, plate,
account, address, name).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from faults import N_

STAR = "*"
# Digits as people write them -> as patterns look for them, one for one, so that places in both texts agree.
_DIGITS = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９", "0123456789", strict=True)}
_DIGITS |= {ord(han): plain for han, plain in zip("〇零一二三四五六七八九幺", "001234567891", strict=True)}
_DIGITS |= {ord(wide): plain for wide, plain in zip("＠．－—–：　ＸＥｘ", "@.---: XEx", strict=True)}
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_OFFICIAL = ("咨询", "监督", "举报", "服务", "热线", "值班", "办公", "投诉", "受理", "传真")
_LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """``pattern`` is matched against the plain text; its group ``hide``, or all of it, is what is hidden.

    ``holds`` says of a match with the text before it whether it is one indeed; ``keep`` how many characters stay
    readable at the beginning and at the end.
    """

    name: str
    title: str
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool]
    keep: tuple[int, int]


def _always(_found: str, _before: str) -> bool:
    return True


def _is_identity(found: str, _before: str) -> bool:
    """Eighteen places (GB 11643) or fifteen with a day of birth. The check character is not asked: a slip of the pen
    in it leaves enough of the number to find the person."""
    return _is_day("19" + found[6:12] if len(found) == 15 else found[6:14])


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _is_account(found: str, before: str) -> bool:
    """A bank card: the right check digit (Luhn), or a word before it that says so."""
    digits = [int(char) for char in found if char.isdigit()]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 or any(word in before for word in ("卡号", "账号", "帐号", "银行"))


def _is_private(_found: str, before: str) -> bool:
    """The number of an office that wants to be rung up is no personal data."""
    return not any(word in before for word in _OFFICIAL)


_GAP = r"[ \-]?"
_TABLE = (
    Kind("identity", N_("number of an identity card"),
         re.compile(r"(?<![0-9])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14})(?![0-9Xx])"), _is_identity, (3, 1)),
    Kind("account", N_("bank account"),
         re.compile(rf"(?<![0-9])[1-9][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?(?![0-9])"),
         _is_account, (0, 4)),
    Kind("mobile", N_("mobile number"),
         re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?(?P<hide>1[3-9][0-9](?:{_GAP}[0-9]){{8}})(?![0-9])"), _always, (3, 2)),
    Kind("telephone", N_("telephone number"),
         re.compile(rf"(?<![0-9])\(?0[1-9][0-9]{{1,2}}\)?{_GAP}[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?![0-9])"),
         _is_private, (3, 0)),
    Kind("telephone", N_("telephone number"),
         re.compile(rf"(?:电话|手机|座机)[^0-9\n]{{0,4}}(?P<hide>[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}})(?![0-9])"),
         _is_private, (1, 0)),
    Kind("email", N_("mail address"),
         re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"),
         _always, (1, 0)),
    Kind("messenger", N_("messenger account"),
         re.compile(r"(?:微信|QQ|qq|Ｑ Ｑ)号?码?[ :是为]{0,3}(?P<hide>[A-Za-z0-9_\-]{5,24})"), _always, (1, 0)),
    Kind("passport", N_("number of a passport"),
         re.compile(r"(?<![A-Za-z0-9])(?:[EGDSPKHMeg][0-9]{8}|E[A-HJ-NP-Z][0-9]{7})(?![A-Za-z0-9])"),
         lambda _found, before: any(word in before for word in ("护照", "通行证", "证件", "证号")), (1, 1)),
    Kind("plate", N_("number plate"),
         re.compile(rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·•. \-]?[A-HJ-NP-Za-hj-np-z0-9]{{4,5}}"
                    r"[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"),
         lambda found, _before: any(char.isdigit() for char in found[2:]), (2, 1)),
    Kind("address", N_("home address"),
         re.compile(r"[0-9A-Za-z甲乙丙]{1,6} ?(?:号楼|幢|栋|座)[ \-]?(?:[0-9]{1,3} ?单元)?[ \-]?[0-9]{1,5} ?[室号户]?"),
         _always, (0, 0)),
    Kind("address", N_("home address"),
         re.compile(r"[0-9]{1,3} ?单元[ \-]?[0-9]{1,5} ?[室号户]?"), _always, (0, 0)),
    Kind("name", N_("name of a person"),
         re.compile(r"(?:姓名|联系人|户主|车主|业主|店主|住户|投诉人|举报人|本人叫|我叫|我是(?:居民|村民))[ :是为]{0,3}"
                    rf"(?P<hide>(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}})"
                    r"(?=[，,。；;、 （(\n:]|$|电话|手机|身份|先生|女士|住|家)"), _always, (1, 0)),
    Kind("name", N_("name of a person"),
         re.compile(rf"(?P<hide>(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?)(?=先生|女士)"),
         _always, (1, 0)),
    Kind("name", N_("name of a person"),
         re.compile(rf"(?P<hide>(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?)(?=同志|师傅)"),
         lambda _found, before: not before or not re.search(r"[\u4e00-\u9fff]$", before)
         or before[-1:] in "的和与及向给由找是对请让跟", (1, 0)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` may be shown; ``kinds`` are the names of what was hidden in it, each once."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Hide every piece of personal data that is found. What was masked is not masked again."""
    seen = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cn", "Co"))
    hidden = list(seen)
    kinds: dict[str, None] = {}
    for kind, start, end in _found(seen.translate(_DIGITS)):
        head, tail = kind.keep
        kinds[kind.name] = None
        for place in range(start + head, end - tail):
            if hidden[place] not in " -－（）()@":
                hidden[place] = STAR
    return Masked("".join(hidden), tuple(kinds))


def mask_contact(contact: str | None) -> str | None:
    """A contact as those see it who need not ring up: the first and last characters only."""
    if not contact:
        return None
    head, tail = (3, 2) if len(contact) >= 8 else (1, 0)
    return contact[:head] + STAR * max(1, len(contact) - head - tail) + contact[len(contact) - tail :]


def _found(plain: str) -> Iterator[tuple[Kind, int, int]]:
    """What is personal data in the plain text; what an earlier kind has claimed is not looked at by a later one."""
    claimed: set[int] = set()
    for kind in _TABLE:
        for match in kind.pattern.finditer(plain):
            group = "hide" if "hide" in kind.pattern.groupindex else 0
            start, end = match.span(group)
            if claimed.intersection(range(start, end)):
                continue
            if kind.holds(match.group(group), plain[max(0, start - _LOOK_BACK) : start]):
                claimed.update(range(start, end))
                yield kind, start, end
