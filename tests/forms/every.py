"""A form with a field of every type, for tests that must hold for all of them."""

from __future__ import annotations

from typing import Any

from forms.document import read_form
from forms.field import Form
from forms.fields import TYPES

ID = "0" * 32
_EXTRA: dict[str, dict[str, Any]] = {
    "register": {"register": "ledgers", "readonly": True, "prefill": "x", "required": False},
    "enum": {"options": [[f"v{n}", f"选项{n}"] for n in range(3)]},
    "multi": {"options": [[f"v{n}", f"选项{n}"] for n in range(20)]},
    "table": {
        "columns": [
            {"name": "what", "label": "措施", "type": "text", "required": True},
            {"name": "on", "label": "时限", "type": "date"},
            {"name": "pictures", "label": "照片", "type": "evidences"},
        ]
    },
}
# A table in the rows of another: what it asks, what depends on what, and everything that is attached.
NESTED: dict[str, Any] = {
    "name": "nested", "label": "问题", "type": "table", "required": True, "columns": [
        {"name": "what", "label": "问题", "type": "text", "required": True},
        {"name": "steps", "label": "整改措施", "type": "table", "required": True, "min": 1, "max": 5, "columns": [
            {"name": "how", "label": "措施", "type": "text", "required": True},
            {"name": "late", "label": "延期", "type": "bool"},
            {"name": "why", "label": "延期原因", "type": "text", "required": True,
             "visible_if": {"field": "late", "equals": True}},
            {"name": "who", "label": "责任单位", "type": "org"},
            {"name": "pictures", "label": "照片", "type": "evidences"},
            {"name": "paper", "label": "文件", "type": "files"},
            {"name": "signed", "label": "签名", "type": "signature"},
        ]},
        {"name": "on", "label": "时限", "type": "date"},
    ],
}  # fmt: skip

FILLED: dict[str, Any] = {
    "a_text": "一行", "a_longtext": "两\n行", "a_richtext": "<p>文<b>字</b></p>", "a_int": 3, "a_decimal": 0.0001,
    "a_percent": 12.5, "a_money": "1234.50", "a_bool": False, "a_date": "2013-05-06",
    "a_datetime": "2013-05-06T17:30:00+08:00", "a_enum": "v1", "a_multi": ["v1", "v19"], "a_org": "o1",
    "a_orgs": ["o1"], "a_user": "u1", "a_users": ["u1"], "a_ref": "r1", "a_refs": ["r1"],
    "a_table": [{"what": "清淤", "on": "2013-06-01", "pictures": [{"id": ID}]}, {"what": "截污"}],
    "a_file": ID, "a_signature": ID, "a_files": [ID], "a_geo": {"lat": 39.9, "lon": 116.4}, "a_evidences": [{"id": ID}],
    "given": "2013-05-07", "why": "因",
    "nested": [
        {"what": "河道淤积", "on": "2013-06-01", "steps": [
            {"how": "清淤", "late": True, "why": "汛期", "who": "o1", "pictures": [{"id": ID}], "paper": [ID]},
            {"how": "截污", "late": False, "signed": ID},
        ]},
        {"what": "垃圾", "steps": [{"how": "清运", "late": False}]},
    ],
}  # fmt: skip


def every_type() -> Form:
    fields = [
        {"name": f"a_{kind}", "label": f"字段 {kind}", "type": kind, "required": True, "help": "说明"}
        | _EXTRA.get(kind, {})
        for kind in TYPES
    ]
    fields.append(NESTED)
    fields.append({"name": "maybe", "label": "开关", "type": "bool"})
    fields.append(
        {"name": "why", "label": "<原因>", "type": "text", "visible_if": {"field": "a_bool", "equals": False}}
    )
    fields.append({"name": "given", "label": "已定", "type": "date", "readonly": True, "prefill": "x"})
    return read_form({"name": "trial/every", "title": "各类字段", "fields": fields})
