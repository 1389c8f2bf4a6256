"""The roles of special supervision: candidate groups that diagrams name, held in an organisation and for a task.

Source: domain guide, section 2; clauses S1.1 to S2.8 of the notice of 2013-04-19.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TASK_CODES: Mapping[str, str] = MappingProxyType(
    {"air": "大气污染治理", "water": "污水治理", "env": "环境整治和垃圾处理", "illegal": "打击违法用地违法建设"}
)


@dataclass(frozen=True, slots=True)
class Role:
    """``title`` is what pages show. ``subordinate`` is false where nobody may be urged, lit or scored."""

    name: str
    title: str
    subordinate: bool = True


_TABLE = (
    Role("municipal_leader", "市领导", subordinate=False),
    Role("group_leader", "协调小组组长", subordinate=False),
    Role("office_director", "督查办公室主任"),
    Role("office_deputy", "督查办公室副主任"),
    Role("synthesis_lead", "综合组组长"),
    Role("synthesis_officer", "综合组工作人员"),
    Role("task_group_lead", "专项督查组组长"),
    Role("task_group_officer", "专项督查组工作人员"),
    Role("liaison", "联络员"),
    Role("lead_unit_officer", "牵头单位经办人"),
    Role("lead_unit_head", "牵头单位负责人"),
    Role("co_unit_officer", "协办单位经办人"),
    Role("district_leader", "区县领导"),
    Role("district_supervision_officer", "区县督查室工作人员"),
    Role("district_unit_officer", "区县承办单位经办人"),
    Role("propaganda_officer", "宣传部门工作人员", subordinate=False),
    Role("media_reporter", "媒体记者", subordinate=False),
    Role("congress_liaison", "人大政协联络员", subordinate=False),
    Role("deputy_member", "人大代表、政协委员", subordinate=False),
    Role("organization_officer", "组织部门工作人员", subordinate=False),
    Role("discipline_officer", "纪检监察工作人员", subordinate=False),
    Role("performance_officer", "绩效考核工作人员"),
    Role("public_user", "社会公众", subordinate=False),
    Role("records_officer", "档案管理人员"),
    Role("admin", "系统管理员"),
    Role("auditor", "审计员"),
)
ROLES: Mapping[str, Role] = MappingProxyType({role.name: role for role in _TABLE})


def title(name: str) -> str:
    """What pages call a role; the name itself when it is not one of the guide's."""
    role = ROLES.get(name)
    return role.title if role else name
