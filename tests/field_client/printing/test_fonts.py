"""The face of papers: whole families with every letter, and never one that mixes in another's letters."""

import shutil
from pathlib import Path

import pypdfium2
import pytest

from field_client.printing import fonts, minutes, render

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


@pytest.fixture
def folder(tmp_path):
    """A folder of faces that no other test has looked into."""
    fonts.chosen.cache_clear()
    yield tmp_path
    fonts.chosen.cache_clear()


def put(folder, face, names):
    if not face.exists():
        pytest.skip(f"{face} is not on this machine")
    for name in names:
        shutil.copy(face, folder / name)


def test_where_there_is_none_the_typesetter_s_own_is_used(folder):
    assert fonts.chosen((folder,))[0] == fonts.OWN


def test_a_whole_family_with_every_letter_is_taken(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", fonts.FACES["Liberation Serif"])

    assert fonts.chosen((folder,))[0] == "Liberation Serif"


def test_half_a_family_is_not(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", fonts.FACES["Liberation Serif"][:3])

    assert fonts.chosen((folder,))[0] == fonts.OWN


def test_one_that_lacks_letters_is_not(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", ["whole.ttf"])
    put(folder, Path("/usr/share/fonts/truetype/noto/NotoSerifTamil-Regular.ttf"), fonts.FACES["Times New Roman"])

    assert fonts.chosen((folder,))[0] == fonts.OWN
    assert fonts.has_all(folder / "whole.ttf")
    assert not fonts.has_all(folder / "times.ttf")


def test_a_paper_is_set_in_one_face(db, settings, record):
    paper = minutes.of(db, settings, record(), minutes.Asked())
    pdf = pypdfium2.PdfDocument(render.pdf(paper.sheets, 0))

    names = {
        thing.get_font().get_base_name().partition("+")[2].partition("-")[0]
        for page in pdf
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    }

    assert names == {fonts.chosen()[0].replace(" ", "")}
