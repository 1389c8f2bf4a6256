"""Ids that say what an element is: from an element of this name, from the words of its name, from its kind."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from bpmn.diagram import Diagram

LONGEST = 40
MOST_WORDS = 3

# What office work is called in names of steps -> what it is called in ids; the longest that fits is taken first.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "审批": "approve", "批准": "approve", "审核": "review", "审查": "review", "复核": "recheck", "复查": "recheck",
        "核查": "verify", "核实": "verify", "核对": "verify", "检查": "check", "评审": "assess", "评估": "assess",
        "考核": "assess", "评分": "score", "签收": "sign", "签发": "issue", "签署": "sign", "会签": "countersign",
        "盖章": "seal", "受理": "accept", "登记": "register", "申请": "apply", "申报": "apply", "提交": "submit",
        "上报": "report", "报送": "report", "汇报": "report", "报告": "report", "反馈": "feedback", "答复": "answer",
        "回复": "reply", "通知": "notify", "提醒": "remind", "催办": "urge", "督办": "supervise", "督查": "supervise",
        "下达": "issue", "下发": "issue", "交办": "assign", "分派": "assign", "指派": "assign", "转办": "transfer",
        "移送": "transfer", "派单": "dispatch", "分送": "dispatch", "拟稿": "draft", "起草": "draft", "拟定": "draft",
        "编制": "draft", "汇总": "summarise", "整理": "compile", "整改": "rectify", "修改": "amend", "修订": "amend",
        "补正": "amend", "办理": "handle", "处理": "handle", "处置": "handle", "执行": "carry_out", "落实": "carry_out",
        "销号": "close", "办结": "close", "结案": "close", "归档": "archive", "公示": "publicise", "公开": "publish",
        "发布": "publish", "印发": "publish", "退回": "return", "驳回": "reject", "撤回": "withdraw", "撤销": "revoke",
        "取消": "cancel", "终止": "end", "暂停": "suspend", "延期": "extend", "变更": "change", "决定": "decide",
        "决策": "decide", "研究": "study", "讨论": "discuss", "协商": "consult", "征求": "consult", "调解": "mediate",
        "投票": "vote", "表决": "vote", "选择": "choose", "确认": "confirm", "认定": "confirm", "接收": "receive",
        "收到": "receive", "收文": "receive", "发文": "send", "发送": "send", "付款": "pay", "采购": "purchase",
        "验收": "accept", "现场": "onsite", "来访": "visit", "走访": "visit", "会议": "meeting", "材料": "material",
        "方案": "plan", "计划": "plan", "意见": "opinion", "结果": "result", "问题": "problem", "事项": "item",
        "台账": "ledger", "任务": "task", "预算": "budget", "合同": "contract", "项目": "project", "领导": "leader",
        "负责人": "head", "部门": "unit", "单位": "unit", "区县": "district", "群众": "public", "信访": "petition",
        "逾期": "late", "超时": "late", "是否": "is", "合格": "fit", "通过": "pass", "开始": "begin", "结束": "end",
    }
)  # fmt: skip

# Kind of element -> what stands where its name gives nothing.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "UserTask": "step", "ServiceTask": "service", "BusinessRuleTask": "rule", "ScriptTask": "reckon",
        "CallActivity": "call", "SubProcess": "part", "SendTask": "send", "ReceiveTask": "wait", "StartEvent": "begin",
        "EndEvent": "end", "BoundaryEvent": "event", "IntermediateCatchEvent": "wait",
        "IntermediateThrowEvent": "event", "SequenceFlow": "flow", "Lane": "lane",
    }
)  # fmt: skip

_ASCII = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_NUMBERED = re.compile(r"_\d+$")
_LONG_FIRST = sorted(WORDS, key=len, reverse=True)


def suggested(name: str, kind: str, known: Mapping[str, str], taken: Container[str]) -> str:
    """A free id. ``kind`` is the type of the standard without prefix, ``known`` says which ids names have elsewhere."""
    name = name.strip()
    begin = known.get(name) or "_".join(_words(name)) or KINDS.get(kind) or ("gateway" if "Gateway" in kind else "step")
    return _free(_NUMBERED.sub("", begin[:LONGEST]).rstrip("_"), taken)


def known_names(diagrams: Iterable[Diagram]) -> dict[str, str]:
    """The ids that elements of a name have; those with a number aside, as nobody chose them."""
    elements = (one for diagram in diagrams for process in diagram.processes for one in process.elements.values())
    return {one.name: one.id for one in elements if one.name and not re.search(r"\d", one.id)}


def _words(name: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(name) and len(found) < MOST_WORDS:
        latin = _ASCII.match(name, at)
        piece = latin[0] if latin else next((word for word in _LONG_FIRST if name.startswith(word, at)), "")
        if piece:
            found.append(WORDS.get(piece, piece.lower()))
        at += len(piece) or 1
    return list(dict.fromkeys(found))


def _free(begin: str, taken: Container[str]) -> str:
    if begin not in taken:
        return begin
    count = 2
    while f"{begin}_{count}" in taken:
        count += 1
    return f"{begin}_{count}"
