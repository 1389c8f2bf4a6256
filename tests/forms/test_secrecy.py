"""Marks of secrecy are found; words of the same letters within a sentence are none."""

from __future__ import annotations

import pytest

from forms.answers import AnswersRefused, validate
from forms.document import read_form
from forms.secrecy import marks


@pytest.mark.parametrize(
    "text",
    [
        "绝密★",
        "机密★1年",
        "秘密 ★ 10年",
        "<p>机密</p><p>正文</p>",
        "秘密 10年",
        "正文\n【绝密】\n",
        "机密★长期",
        "<td>秘　密</td>",
        "<p>绝密<br>正文</p>",
        "绝 密",
    ],
)
def test_marks(text):
    assert marks(text)


@pytest.mark.parametrize(
    "text", ["工作秘密", "涉及秘密的事项另行报送", "保守国家秘密法", "<p>不得标注绝密字样</p>", "机密性较强", ""]
)
def test_words_that_are_none(text):
    assert marks(text) == ()


def test_a_text_that_bears_a_mark_is_not_taken():
    form = read_form({"name": "a/b", "title": "稿", "fields": [{"name": "body", "label": "正文", "type": "richtext"}]})
    assert validate(form, {"body": "<p>工作秘密</p>"})["body"] == "<p>工作秘密</p>"
    with pytest.raises(AnswersRefused) as refused:
        validate(form, {"body": "<p>机密★1年</p><p>正文</p>"})
    (problem,) = refused.value.problems
    assert (problem.element, problem.code, problem.params["mark"]) == ("body", "secrecy_mark", "机密★")
