"""What kinds of problems the supervision knows: by what goes wrong, not by task, so that tasks can have one in common.

A house list, since the notice names none.  The code stands in answers and rows; the title is what people read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "funding_gap": "资金不到位",
        "approval_slow": "规划、立项、环评等手续办理慢",
        "land_demolition": "用地、征地和拆迁困难",
        "standards_missing": "政策、标准不明确或者缺失",
        "duties_overlap": "部门职责交叉、推诿",
        "coordination_lacking": "跨区县、跨部门衔接不畅",
        "works_slow": "工程组织不力、进度滞后",
        "facilities_idle": "设施建成不运行或者运行不正常",
        "enforcement_weak": "执法力量不足、查处不到位",
        "rebound": "整治后反弹",
        "resistance": "企业、居民不配合",
        "technology": "技术、设备能力不足",
        "data_untrue": "台账和数据不实",
        "other": "其他",
    }
)
