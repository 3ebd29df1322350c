"""The one table of who may do what: shown in words, and the same in the docs."""

import re
from pathlib import Path

from server.people.rights_page import WORDS, table
from server.people.second import REQUIRED_OF
from server.rights import RIGHTS, ROLES

PAGE = (Path(__file__).parents[3] / "docs" / "rights.md").read_text(encoding="utf-8")


def test_the_docs_have_the_table_as_it_is():
    heads = [cell.strip() for cell in re.search(r"^\| Act \|(.*)\|$", PAGE, re.MULTILINE)[1].split("|")]
    rows = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", PAGE, re.MULTILINE)

    assert tuple(heads) == ROLES
    told = {act: {role for role, mark in zip(ROLES, row.split("|"), strict=True) if mark.strip()} for act, row in rows}
    assert told == {act: set(roles) for act, roles in RIGHTS.items()}


def test_every_act_has_its_words():
    assert WORDS.keys() == RIGHTS.keys()


def test_whoever_is_signed_in_reads_the_table(people):
    page = people.inside(role="team").get("/quyen").text

    assert all(str(words) in page for words in ("Phân công kiểm tra", "Duyệt cuộc kiểm tra", "Vai trò đang dùng"))
    assert page.count("●") == sum(len(right.roles) for right in table()) + len(REQUIRED_OF)
