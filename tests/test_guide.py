"""The guide says what is on the screen: its bold words are labels, its pages have one shape, its pictures are there."""

import re
from pathlib import Path

import pytest

from tests.catalogue.catalogue import read
from tests.guide import GUIDES, LARGEST, PICTURES, index_of, pages, pages_of, referenced

PAGES = [page for name in GUIDES for page in pages_of(name)]
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


def filled(text: str) -> str:
    """Return a message with `…` in its blanks, and without the signs of a format."""
    return re.sub(r"%\(\w+\)s|\{\w*\}", "…", text).replace("%%", "%")


def labels() -> set[str]:
    """Return all that the two programs say to people, as the catalogue lists it."""
    return {filled(str(message.id)) for message in read() if message.id}


def bold(path: Path) -> list[str]:
    """List what stands in bold on a page."""
    return re.findall(r"\*\*([^*]+)\*\*", path.read_text(encoding="utf-8"))


LABELS = labels()


@pytest.mark.parametrize(("guide", "count"), GUIDES.items())
def test_a_guide_has_its_pages_in_order_and_its_index_leads_to_each(guide, count):
    index = index_of(guide).read_text(encoding="utf-8")

    assert [path.name[:2] for path in pages_of(guide)] == [f"{n:02}" for n in range(1, count + 1)]
    for number, path in enumerate(pages_of(guide), 1):
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        assert title.startswith(f"{number}. ")
        assert f"| [{title}]({guide}/{path.name}) |" in index


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_bold_is_a_label_as_it_stands_on_the_screen(path):
    assert bold(path)
    assert [label for label in bold(path) if label not in LABELS] == []


@each_page
def test_a_page_begins_with_what_to_do_first_and_has_steps_states_and_trouble(path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()

    assert re.match("Việc đầu tiên[^:]*: .+[.;]", lines[2]), lines[2]
    assert re.search(r"^1\. ", text, re.MULTILINE)
    assert "## Trạng thái" in lines
    assert "## Khi có trục trặc" in lines
    assert len(lines) < 200


def test_every_picture_is_shown_has_its_words_beside_it_and_is_small():
    there = {path.name for path in PICTURES.glob("*.png")}

    assert there == referenced()
    assert there == {path.with_suffix(".png").name for path in PICTURES.glob("*.txt")}
    assert [name for name in sorted(there) if (PICTURES / name).stat().st_size > LARGEST] == []
