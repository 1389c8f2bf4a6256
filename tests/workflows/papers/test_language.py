"""Templates: how values read, and what a template may not do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from workflows.papers.language import TemplateRefused, compiled, filled
from workflows.papers.text import text_of


def made(template, **data):
    return filled(compiled(template), data)


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("{{ x | day }}", "2013-04-09", "2013年4月9日"),
        ("{{ x | day }}", date(2013, 4, 9), "2013年4月9日"),
        ("{{ x | day }}", datetime(2013, 4, 8, 16, 30, tzinfo=UTC), "2013年4月9日"),
        ("{{ x | day }}", "2013-04-08T16:30:00+00:00", "2013年4月9日"),
        ("{{ x }}", date(2013, 4, 9), "2013年4月9日"),
        ("{{ x | day }}", "尽快", "尽快"),
        ("{{ x | day }}", None, ""),
        ("{{ x | month }}", "2013-04", "2013年4月"),
        ("{{ x | number }}", Decimal("26000.00"), "26000"),
        ("{{ x | number }}", 0.5, "0.5"),
        ("{{ x }}", Decimal("1.50"), "1.5"),
        ("{{ x }}", None, ""),
        ("{{ x | unit }}", "110105", "朝阳区"),
        ("{{ x | unit }}", ["110105", "某单位"], "朝阳区、某单位"),
        ("{{ x | task }}", ["air", "env"], "大气污染治理、环境整治和垃圾处理"),
        ("{{ x | light }}", "red", "红灯"),
        ('{{ x | option("rectification/recheck.verdict") }}', "false", "弄虚作假"),
        ('{{ x | option("no/such.field") }}', "x", "x"),
        ("{{ x | paragraphs }}", "一\n\n二<script>", "<p>一</p>\n<p>二&lt;script&gt;</p>\n"),
        ("{{ x | paragraphs }}", "<p>富<b>文本</b></p>", "<p>富<b>文本</b></p>"),
        ("{{ x | chinese }}", 12, "十二"),
        ("{{ x | chinese }}", 30, "三十"),
        ("{{ x.items }}", {"items": 7}, "7"),
        ("{{ x }}", "<b>&", "&lt;b&gt;&amp;"),
    ],
)
def test_values_in_words(template, value, words):
    assert made(template, x=value) == words


@pytest.mark.parametrize(
    "template",
    [
        "{{ x.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ x | attr('__class__') }}",
        "{{ 'a' * 10000000 }}",
        "{{ [1] * 10000000 }}",
        "{{ 2 ** 100000 }}",
        "{{ '%99999999d' % 1 }}",
        "{{ '{:99999999}'.format(1) }}",
        "{{ 'x' | center(99999999) }}",
        "{% for a in range(100000) %}{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}................{% endfor %}{% endfor %}",
        "{{ cycler }}",
        "{{ x.append(1) }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ nothing }}",
        "{{ x.nothing }}",
        "{{ 1 / 0 }}",
        "{% if %}",
        "{{ x",
        "(" * 5000 + "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "x" * 50_001,
    ],
)
def test_what_a_template_may_not_do(template):
    with pytest.raises(TemplateRefused) as refused:
        made(template, x=[])
    assert refused.value.problems[0].element == "text"


def test_the_first_heading_is_the_title_and_the_rest_is_cleaned():
    text = text_of("<h1>关于{{ what }}的\n通知</h1><p onclick='x'>正文</p><script>x</script>", {"what": "“A&B”"})
    assert (text.title, text.html) == ("关于“A&B”的 通知", "<p>正文</p>")
