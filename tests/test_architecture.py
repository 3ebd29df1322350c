"""The arrows between the packages, and what each of them may never know."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "schemas": set(),
    "sync": {"schemas"},
    "field_client": {"schemas", "sync"},
    "server": {"schemas", "sync"},
    "benchmarks": {"schemas", "sync", "field_client", "server"},
}
OURS = {*MAY_IMPORT, "tests"}

# Sync brings two stores together over a line; which store and which line is for the two ends to say.
STRANGERS_TO_SYNC = {"flask", "sqlite3", "sqlite_utils"}

FILES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def imports(path: Path) -> set[str]:
    """Name every top-level package that a file imports, wherever in the file it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


each_file = pytest.mark.parametrize("path", FILES, ids=name_of)
IN_SYNC = [path for path in FILES if package_of(path) == "sync"]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_there_is_something_to_check(package):
    assert any(package_of(path) == package for path in FILES), f"no Python file found below {package}/"


@each_file
def test_arrows_point_one_way(path):
    foreign = imports(path) & OURS - {package_of(path)}

    assert foreign <= MAY_IMPORT[package_of(path)]


@pytest.mark.parametrize("path", IN_SYNC, ids=name_of)
def test_sync_knows_neither_the_web_nor_the_database(path):
    assert not imports(path) & STRANGERS_TO_SYNC


@each_file
def test_every_module_says_what_is_found_in_it(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_folder_of_tests_is_a_package():
    """tests/sync/__init__.py would make that folder the package `sync` and hide ours."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
