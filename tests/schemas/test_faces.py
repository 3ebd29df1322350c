"""The face of papers: whole families with every letter, and never one that mixes in another's letters."""

import shutil
from pathlib import Path

import pytest

from schemas import faces

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


@pytest.fixture
def folder(tmp_path):
    """A folder of faces that no other test has looked into."""
    faces.chosen.cache_clear()
    yield tmp_path
    faces.chosen.cache_clear()


def put(folder, face, names):
    if not face.exists():
        pytest.skip(f"{face} is not on this machine")
    for name in names:
        shutil.copy(face, folder / name)


def test_where_there_is_none_the_typesetter_s_own_is_used(folder):
    assert faces.chosen((folder,))[0] == faces.OWN


def test_a_whole_family_with_every_letter_is_taken(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", faces.FACES["Liberation Serif"])

    name, seen = faces.chosen((folder,))
    assert name == "Liberation Serif"
    assert "DejaVu Sans" in seen.families()  # what stands in those files: the typesetter has read them


def test_half_a_family_is_not(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", faces.FACES["Liberation Serif"][:3])

    assert faces.chosen((folder,))[0] == faces.OWN


def test_one_that_lacks_letters_is_not(folder):
    put(folder, DEJAVU / "DejaVuSans.ttf", ["whole.ttf"])
    put(folder, Path("/usr/share/fonts/truetype/noto/NotoSerifTamil-Regular.ttf"), faces.FACES["Times New Roman"])

    assert faces.chosen((folder,))[0] == faces.OWN
    assert faces.has_all(folder / "whole.ttf")
    assert not faces.has_all(folder / "times.ttf")
