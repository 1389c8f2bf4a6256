"""The project as a whole: imports point down, the locks fit setup.cfg, the pages of documentation tell the truth."""

from __future__ import annotations

import ast
import configparser
import hashlib
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from web.settings import VARIABLES
from workflows import demo

ROOT = Path(__file__).parents[1]
LOCKS = {"run": ("build",), "test": ("build", "test")}
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)|<(?:img|source)[^>]+src(?:set)?=\"(?!https?:)([^\"]+)\"")


@cache
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE))


def required(*extras: str) -> list[Requirement]:
    lines = setup()["options"]["install_requires"].split("\n")
    for extra in extras:
        lines += setup()["options.extras_require"][extra].split("\n")
    return [Requirement(line) for line in lines if line.strip()]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git working tree")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def text_files() -> dict[Path, str]:
    texts = {}
    for path in tracked():
        try:
            texts[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return texts


def test_what_is_imported_is_locked() -> None:
    """Nothing is used that happens to be installed only for the tests."""
    owners = packages_distributions()
    packages = setup()["options.packages.find"]["include"].replace("*", "").split()
    locks = locked("run")
    strange = set()
    for path in [path for package in packages for path in (ROOT / package).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - set(packages):
                if not {one.lower().replace("_", "-") for one in owners[name]} & locks.keys():
                    strange.add(name)
    assert strange == set()


def test_imports_point_down() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_lock_fits_what_setup_cfg_asks_for(name: str) -> None:
    versions = locked(name)
    for requirement in required(*LOCKS[name]):
        key = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert key in versions, f"{requirement} is not in locks/{name}.txt: make lock"
        assert Version(versions[key]) in requirement.specifier, f"locks/{name}.txt has {key} {versions[key]}: make lock"


def test_the_tests_run_on_what_runs_in_production() -> None:
    run, test = locked("run"), locked("test")
    assert {name: test.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["run", "test", "node"])
def test_lock_names_hashes_and_no_place(name: str) -> None:
    text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) == len(locked(name))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|--index|--find-links|@ file", text)


def test_nothing_names_a_machine_or_a_mirror() -> None:
    places = ["/wo" + "rk/", "/tmp/te" + "am", "/ro" + "ot/", "/ho" + "me/", "/User" + "s/"]
    mirrors = ["npm" + "mirror", "tuna.tsing" + "hua", "index" + "-url"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in text_files().items()
        for word in places + mirrors
        if re.search(rf"(?<![A-Za-z0-9_.}}-]){re.escape(word)}", text)
    ]
    assert found == []


def test_node_locks_name_no_place() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    assert locks
    assert [path for path in locks if '"resolved"' in path.read_text(encoding="utf-8")] == []


def test_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    known = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256(text.encode()).hexdigest() == known


def test_changelog_tells_of_this_version() -> None:
    assert f"## {setup()['metadata']['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(phony[1].split()) == set(re.findall(r"^  ([a-z]+) ", helped, re.MULTILINE))


def test_links_of_the_documentation_lead_somewhere() -> None:
    dead = []
    for path, text in text_files().items():
        if path.suffix != ".md":
            continue
        for match in LINK.finditer(text):
            target = match[1] or match[2]
            if not (path.parent / target).exists():
                dead.append(f"{path.relative_to(ROOT)}: {target}")
    assert dead == []


def test_both_readmes_show_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for pattern in (
        r"^\| `([a-z]+[a-z0-9-]+)` \|",
        r"`(make [a-z]+[^`]*)`",
        r"`(DUCHA_[A-Z_]+)`",
        r"src=\"([^\"]+)\"",
        r"^(#+) ",
        r"```\n(.*?)```",
    ):
        flags = re.MULTILINE | re.DOTALL
        assert re.findall(pattern, english, flags) == re.findall(pattern, chinese, flags)


def test_readme_names_accounts_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z-]+-\d\d)` \|", text, re.MULTILINE)
    assert named
    assert set(named) <= {person.id for person in demo.ACCOUNTS}
    assert f"`{demo.PASSWORD}`" in text


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_lists_the_settings_with_their_defaults(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(DUCHA_[A-Z_]+)` \| `([^`]*)` \| (.+) \|$", text, re.MULTILINE)
    assert [(name, default) for name, default, _ in rows] == [(entry.name, entry.default) for entry in VARIABLES]
    if readme == "README.md":
        assert [meaning for *_, meaning in rows] == [f"{entry.meaning} ({entry.allowed})" for entry in VARIABLES]


@pytest.mark.slow
def test_wheel_carries_the_documents(tmp_path: Path) -> None:
    build = "from setuptools.build_meta import build_wheel; import sys; build_wheel(sys.argv[1])"
    source = tmp_path / "source"
    for path in tracked():
        if path.suffix != ".png":
            target = source / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(ZipFile(wheel).namelist())
    kinds = {".py", ".bpmn", ".dmn", ".json", ".html", ".po", ".xsd", ".csv", ".mako"}
    packages = setup()["options.packages.find"]["include"].replace("*", "").split()
    for path in tracked():
        name = path.relative_to(ROOT)
        if name.parts[0] in packages and name.suffix in kinds and name.parts[1] != "islands":
            assert str(name) in inside
