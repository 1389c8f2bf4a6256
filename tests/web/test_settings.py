"""Settings are read strictly, and the documentation knows every one."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from web.settings import VARIABLES, BadSetting, Settings, UnknownSetting, read_secret, read_settings

ROOT = Path(__file__).parents[2]


def test_without_variables_the_defaults_hold() -> None:
    assert read_settings({"PATH": "/bin"}) == Settings()


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda one: one.name)
def test_defaults_of_the_table_are_those_of_the_value(variable: object) -> None:
    assert variable.read(variable.default) == getattr(Settings(), variable.attribute)  # type: ignore[attr-defined]


def test_every_setting_has_a_variable() -> None:
    assert sorted(one.attribute for one in VARIABLES) == sorted(field.name for field in fields(Settings))


def test_values_are_read() -> None:
    settings = read_settings({
        "DUCHA_DATABASE_URL": "postgresql+psycopg://u:p@host/name",
        "DUCHA_PORT": "8080",
        "DUCHA_SECURE_COOKIES": "yes",
        "DUCHA_IDLE_MINUTES": "15",
        "DUCHA_LANGUAGE": "en",
    })  # fmt: skip
    assert settings.port == 8080
    assert settings.secure_cookies
    assert settings.idle == timedelta(minutes=15)
    assert settings.language == "en"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUCHA_DATABASE_URL", "mysql://host/name"),
        ("DUCHA_PORT", "0"),
        ("DUCHA_PORT", "eight"),
        ("DUCHA_PORT", ""),
        ("DUCHA_HOST", ""),
        ("DUCHA_HOST", "http://host"),
        ("DUCHA_THREADS", "1000"),
        ("DUCHA_LANGUAGE", "fr"),
        ("DUCHA_SECURE_COOKIES", "true"),
        ("DUCHA_IDLE_MINUTES", "-1"),
        ("DUCHA_SECRET_FILE", " "),
        ("DUCHA_DEMO", "maybe"),
    ],
)
def test_a_bad_value_names_the_variable_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: value})
    allowed = next(one.allowed for one in VARIABLES if one.name == name)
    assert str(caught.value) == f"A setting is wrong: {name}={value}. Allowed: {allowed}."


def test_an_unknown_variable_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownSetting) as caught:
        read_settings({"DUCHA_PROT": "8000"})
    assert "Did you mean DUCHA_PORT?" in str(caught.value)
    with pytest.raises(UnknownSetting) as caught:
        read_settings({"DUCHA_X": "1"})
    assert "DUCHA_DATABASE_URL" in str(caught.value)


def test_the_secret_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    secret = read_secret(path)
    assert len(secret) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == secret
    path.write_text("short")
    with pytest.raises(BadSetting):
        read_secret(path)


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_every_variable(document: str) -> None:
    listed = set(re.findall(r"`(DUCHA_[A-Z_]+)`", (ROOT / document).read_text("utf-8")))
    assert {one.name for one in VARIABLES} <= listed
