"""The form in a real browser, with the built script and a strict content security policy."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, jsonify, render_template_string, request, send_from_directory
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from forms import asked
from forms.posted import parse
from tests.forms.every import every_type

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
DIST = ROOT / "web" / "static" / "dist"
POLICY = "default-src 'self'; img-src 'self' data: blob:"
PAGE = """<!doctype html><html lang="zh-CN"><head><title>试</title><meta name="csrf-token" content="token">
<meta name="viewport" content="width=device-width, initial-scale=1">
{% for style in styles %}<link rel="stylesheet" href="{{ style }}">{% endfor %}
<script type="module" src="{{ script }}"></script>
{% if done %}<meta name="form-done" content="/draft">{% endif %}</head>
<body><main class="card-body"><h1>试</h1>{% import "forms/form.html" as ask %}{% if not done %}
{% call ask.frame("/", "token", key="k", draft_url="/draft", owner="zhang", saved_at=saved_at) %}
{{ ask.summary(faults) }}{{ ask.questions(questions) }}{{ ask.buttons("提交") }}{% endcall %}
{% else %}<p>完成</p>{% endif %}</main></body></html>"""

FAULTS = {one.name: "请填写" for one in every_type().fields} | {"a_table-0-what": "请填写", "": "太长"}


@dataclass
class Desk:
    """What the server of this test has received, and how it behaves."""

    address: str = ""
    drafts: list[dict[str, Any]] = field(default_factory=list)
    completed: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    actions: list[str | None] = field(default_factory=list)
    draft_status: int = 200
    upload_status: int = 201
    signed_in: bool = True
    errors: dict[str, str] = field(default_factory=dict)


def application(desk: Desk) -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "web" / "templates"), static_folder=None)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    form = every_type()
    manifest = json.loads((DIST / "manifest.json").read_text())

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.route("/", methods=["GET", "POST"])
    def page() -> Any:
        if request.method == "POST":
            if not desk.signed_in:
                return Response("sign in", 401)
            desk.actions.append(request.form.get("_action"))
            desk.completed.append(parse(form, request.form.to_dict(flat=False)))
        known = asked.Page(
            choices=lambda one: [(f"u{n}", f"单位{n}") for n in range(30)],
            say=str,
            lookup=lambda kind, ident: None,
            file=lambda ident: None,
        )
        questions = asked.asked(form, desk.drafts[-1] if desk.drafts else {}, desk.errors, known)
        entry = manifest["web/islands/form.js"]
        return render_template_string(
            PAGE,
            questions=questions,
            faults=asked.complaints(questions, desk.errors, str),
            done=request.method == "POST",
            saved_at=f"2013-05-06T09:{len(desk.drafts):02}:00+00:00" if desk.drafts else "",
            script=f"/static/dist/{entry['file']}",
            styles=[f"/static/dist/{file}" for file in manifest["web/islands/app.js"]["css"] + entry["css"]],
        )

    @app.post("/draft")
    def draft() -> Any:
        if desk.draft_status != 200 or request.headers["X-CSRFToken"] != "token":
            return jsonify(message=""), desk.draft_status
        desk.drafts.append(parse(form, request.form.to_dict(flat=False)))
        return jsonify(saved_at=f"2013-05-06T09:{len(desk.drafts):02}:00+00:00")

    @app.post("/attachments")
    def attachment() -> Any:
        if desk.upload_status != 201:
            return jsonify(message="太大"), desk.upload_status
        with Image.open(request.files["file"].stream) as picture:
            size, exif = picture.size, dict(picture.getexif())
        desk.uploads.append({"size": size, "exif": exif, **request.form})
        number = len(desk.uploads)
        return jsonify(id=f"{number:032}", name=f"{number}.jpg", thumb=None, grade="A", url="/"), 201

    @app.get("/static/dist/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(DIST, name)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    return app


@pytest.fixture
def desk() -> Iterator[Desk]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    desk = Desk()
    server = make_server("127.0.0.1", 0, application(desk), threaded=True)
    desk.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield desk
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, desk: Desk) -> Iterator[Page]:
    desk.errors = FAULTS if getattr(request, "param", "") == "faulty" else {}
    context = browser.new_context(
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
        permissions=["geolocation"],
        geolocation={"latitude": 40.376, "longitude": 116.843, "accuracy": 8},
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    open_form(page, desk)
    yield page
    context.close()
    assert complaints == []


def open_form(page: Page, desk: Desk) -> None:
    page.goto(desk.address)
    page.wait_for_selector("form[data-ready]")


def until(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_sticks_out_on_a_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", ["empty", "faulty"], indirect=True)
def test_it_can_be_used_by_everybody(page: Page) -> None:
    for table in ("a_table", "nested", "nested-1-steps"):
        page.locator(f"[data-add-row][value={table}]").click()
    page.locator("[name=a_bool][value=false]").check()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_question_appears_when_it_is_needed(page: Page) -> None:
    why = page.get_by_label("<原因>")
    expect(why).to_be_hidden()
    page.locator("[name=a_bool][value=false]").check()
    expect(why).to_be_visible()
    page.locator("[name=a_bool][value=true]").check()
    expect(why).to_be_hidden()


def test_rows_are_added_removed_and_brought_back(page: Page, desk: Desk) -> None:
    table = page.locator("#f-a_table")
    page.fill("[name=a_table-0-what]", "甲")
    table.locator("[data-add-row]").click()
    expect(page.locator("[name=a_table-1-what]")).to_be_focused()
    page.fill("[name=a_table-1-what]", "乙")
    table.locator("[data-remove-row]").first.click()
    expect(table.locator("[data-row]")).to_have_count(1)
    expect(table.locator("[data-row-number]").first).to_have_text("Row 1")
    page.locator("button.btn", has_text="Undo").click()
    expect(table.locator("[data-row]")).to_have_count(2)
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=完成")
    assert desk.completed[0]["a_table"] == [{"what": "甲"}, {"what": "乙"}]


def test_rows_of_a_row_are_added_removed_and_brought_back(page: Page, desk: Desk) -> None:
    page.fill("[name=nested-0-what]", "问题一")
    page.fill("[name=nested-0-steps-0-how]", "措施甲")
    page.locator("[data-add-row][value=nested-0-steps]").click()
    expect(page.locator("[name=nested-0-steps-1-how]")).to_be_focused()
    page.fill("[name=nested-0-steps-1-how]", "措施乙")
    page.locator("[data-add-row][value=nested]").click()
    expect(page.locator("[name=nested-1-what]")).to_be_focused()
    page.fill("[name=nested-1-what]", "问题二")
    page.fill("[name=nested-1-steps-0-how]", "措施丙")
    page.locator("[data-add-row][value=nested-1-steps]").click()
    page.fill("[name=nested-1-steps-1-how]", "措施丁")
    inner = page.locator("#f-nested-0-steps")
    inner.locator("[data-remove-row]").first.click()
    expect(inner.locator("[data-row]")).to_have_count(1)
    expect(inner.locator("[data-row-number]")).to_have_text("Row 1")
    page.locator("[data-remove-row][value=nested-1]").click()
    expect(page.locator("#f-nested > .ask-rows > [data-row]")).to_have_count(1)
    page.locator("#f-nested > .ask-rows > .ask-undo button").click()
    expect(page.locator("[name=nested-1-steps-1-how]")).to_have_value("措施丁")
    inner.locator("button.btn", has_text="Undo").click()
    expect(inner.locator("[data-row-number]")).to_have_text(["Row 1", "Row 2"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=完成")
    rows = desk.completed[0]["nested"]
    assert [(row["what"], [step["how"] for step in row["steps"]]) for row in rows] == [
        ("问题一", ["措施甲", "措施乙"]),
        ("问题二", ["措施丙", "措施丁"]),
    ]


def test_a_question_of_an_inner_row_appears_in_that_row_only(page: Page) -> None:
    page.locator("[data-add-row][value=nested]").click()
    page.locator("[data-add-row][value=nested-1-steps]").click()
    page.locator("[name=nested-1-steps-1-late]").check()
    expect(page.locator("[name=nested-1-steps-1-why]")).to_be_visible()
    for other in ("nested-0-steps-0-why", "nested-1-steps-0-why"):
        expect(page.locator(f"[name={other}]")).to_be_hidden()


def test_files_and_signatures_of_a_new_inner_row(page: Page, desk: Desk, tmp_path: Path) -> None:
    page.locator("[data-add-row][value=nested]").click()
    page.locator("[data-add-row][value=nested-1-steps]").click()
    row = "nested-1-steps-1"
    page.fill(f"[name={row}-how]", "清淤")
    page.locator(f"#f-{row}-pictures-file").set_input_files(photo(tmp_path, "site.jpg", (40, 30)))
    expect(page.locator(f"[data-upload={row}-pictures] input[type=checkbox]")).to_be_checked()
    pad = page.locator(f"[data-upload={row}-signed] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 60, steps=5)
    page.mouse.up()
    page.locator(f"[data-upload={row}-signed] [data-sign-take]").click()
    expect(page.locator(f"[data-upload={row}-signed] input[type=checkbox]")).to_be_checked()
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=完成")
    (filled,) = desk.completed[0]["nested"]
    assert filled["steps"] == [
        {"how": "清淤", "late": False, "pictures": [{"id": "1".rjust(32, "0")}], "signed": "2".rjust(32, "0")}
    ]


def test_long_lists_are_searched(page: Page, desk: Desk) -> None:
    page.locator("[data-search=f-a_org]").fill("单位27")
    assert page.locator("#f-a_org option").all_inner_texts() == ["Please choose", "单位27"]
    page.select_option("#f-a_org", "u27")
    page.locator("[data-search=f-a_orgs-list]").fill("单位1")
    expect(page.locator("#f-a_orgs-list label:visible")).to_have_count(11)


def test_the_position_is_filled_in(page: Page) -> None:
    page.locator("[data-locate]").first.click()
    expect(page.locator("[name=a_geo-lat]")).to_have_value("40.376000")
    expect(page.locator("[name=a_geo-accuracy]")).to_have_value("8")


def photo(folder: Path, name: str, size: tuple[int, int]) -> Path:
    picture = Image.new("RGB", size, "red")
    exif = picture.getexif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Maker"
    picture.save(folder / name, exif=exif, quality=95)
    return folder / name


def test_a_photo_is_made_small_and_sent_at_once(page: Page, desk: Desk, tmp_path: Path) -> None:
    page.locator("#f-a_evidences-camera").set_input_files(photo(tmp_path, "site.jpg", (4000, 3000)))
    expect(page.locator("[data-upload=a_evidences] input[type=checkbox]")).to_be_checked()
    sent = desk.uploads[0]
    assert sent["size"] == (1200, 1600), "turned upright"
    assert sent["exif"][0x0112] == 1
    assert sent["exif"][0x010F] == "Maker"
    assert sent["in_app"] == "true"
    assert sent["captured_at"].endswith("Z")
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=完成")
    assert desk.completed[0]["a_evidences"] == [{"id": "1".rjust(32, "0")}]


def test_a_failed_upload_can_be_tried_again(page: Page, desk: Desk, tmp_path: Path) -> None:
    desk.upload_status = 413
    page.locator("#f-a_evidences-file").set_input_files(photo(tmp_path, "site.jpg", (40, 30)))
    expect(page.locator("[data-upload=a_evidences] [data-says]")).to_contain_text("太大")
    desk.upload_status = 201
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-upload=a_evidences] input[type=checkbox]")).to_be_checked()
    assert desk.uploads[0]["in_app"] == "false"


def test_a_draft_is_saved_by_itself(page: Page, desk: Desk) -> None:
    page.fill("[name=a_text]", "写了一半")
    until(lambda: desk.drafts)
    assert desk.drafts[-1]["a_text"] == "写了一半"
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved at")
    assert page.evaluate("Object.keys(localStorage).length") == 0, "what the server has need not stay on the device"


def test_leaving_the_page_saves_it(page: Page, desk: Desk) -> None:
    page.fill("[name=a_text]", "走了")
    page.goto("about:blank")
    until(lambda: desk.drafts)
    open_form(page, desk)
    expect(page.locator("[name=a_text]")).to_have_value("走了")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_lost_session_loses_nothing(page: Page, desk: Desk, tmp_path: Path) -> None:
    page.locator("#f-a_evidences-file").set_input_files(photo(tmp_path, "site.jpg", (40, 30)))
    expect(page.locator("[data-upload=a_evidences] input[type=checkbox]")).to_be_checked()
    desk.signed_in = False
    desk.draft_status = 401
    desk.drafts.clear()
    page.locator("[data-add-row][value=a_table]").click()
    page.fill("[name=a_table-1-what]", "第二行")
    page.locator("[data-add-row][value=nested]").click()
    page.locator("[data-add-row][value=nested-1-steps]").click()
    page.fill("[name=nested-1-steps-1-how]", "第二项措施")
    page.fill("[name=a_longtext]", "很长的文字")
    page.locator("[name=a_bool][value=false]").check()
    expect(page.locator("[data-draft-state]")).to_contain_text("You are signed out")
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=sign in")
    desk.signed_in = True
    desk.draft_status = 200
    open_form(page, desk)
    restored = page.locator("[data-draft-state]")
    expect(page.locator("[name=a_longtext]")).to_have_value("很长的文字")
    expect(page.locator("[name=a_table-1-what]")).to_have_value("第二行")
    expect(page.locator("[name=nested-1-steps-1-how]")).to_have_value("第二项措施")
    expect(page.get_by_label("<原因>")).to_be_visible()
    expect(page.locator("[data-upload=a_evidences] input[type=checkbox]")).to_be_checked()
    expect(restored).to_contain_text("Restored")
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("text=完成")
    assert desk.completed[0]["a_table"] == [{"what": "第二行"}]
    assert desk.completed[0]["nested"] == [{"steps": [{"how": "第二项措施", "late": False}]}]
    until(lambda: page.evaluate("Object.keys(localStorage).length") == 0)


def test_another_device_was_faster(page: Page, desk: Desk) -> None:
    desk.draft_status = 500
    page.fill("[name=a_text]", "这里写的")
    until(lambda: page.evaluate("Object.keys(localStorage).length") == 1)
    desk.draft_status = 200
    desk.drafts.append({"a_text": "那里写的"})
    page.reload()
    page.wait_for_selector("form[data-ready]")
    expect(page.locator("[name=a_text]")).to_have_value("那里写的")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("[name=a_text]")).to_have_value("这里写的")


def test_what_was_restored_can_be_dropped(page: Page, desk: Desk) -> None:
    desk.draft_status = 500
    page.fill("[name=a_text]", "不要了")
    until(lambda: page.evaluate("Object.keys(localStorage).length") == 1)
    page.reload()
    page.wait_for_selector("form[data-ready]")
    expect(page.locator("[name=a_text]")).to_have_value("不要了")
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("[name=a_text]")).to_have_value("")


def test_enter_does_not_complete_the_task(page: Page, desk: Desk) -> None:
    page.locator("[name=a_text]").press("Enter")
    until(lambda: desk.actions)
    assert desk.actions == ["draft"]


def test_the_room_that_is_left_is_told_in_time(page: Page) -> None:
    page.fill("[name=a_text]", "字" * 100)
    expect(page.locator(".ask-count")).to_have_count(0)
    page.fill("[name=a_text]", "字" * 201)
    expect(page.locator(".ask-count")).to_have_text("201 of 200 characters")
