"""The face that papers are set in: Times New Roman where the machine has it, else Liberation Serif 2, else our own.

Only whole families that have every Vietnamese letter are taken: Debian's Liberation 1 lacks
them, and letters of another face would be mixed in without a word.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst  # imported when the first paper is set, as the next is

OWN = "Libertinus Serif"  # comes with typst
FACES = {
    "Times New Roman": ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    "Liberation Serif": ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf",
                         "LiberationSerif-BoldItalic.ttf"),
}  # fmt: skip
NEEDED = "ạảãàáăằắặẳẵâầấậẩẫđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯỆỘỦƯỢ₫…–"
_NOBODY_HAS = "\U0010fffd"


def folders() -> Iterator[Path]:
    """Yield where this system keeps its faces."""
    if sys.platform == "win32":
        yield Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "Fonts"
    yield from (Path.home() / ".fonts", Path.home() / ".local/share/fonts", Path("/usr/share/fonts"))
    yield from (Path("/usr/local/share/fonts"), Path("/Library/Fonts"), Path("/System/Library/Fonts/Supplemental"))


@lru_cache(maxsize=4)
def chosen(where: tuple[Path, ...] = ()) -> "tuple[str, typst.Fonts]":
    """Return the name of the face to use, and the faces that the typesetter may see: that one and its own."""
    import typst

    found = _files(where or tuple(folders()))
    for name, wanted in FACES.items():
        files = [found[file.lower()] for file in wanted if file.lower() in found]
        if len(files) == len(wanted) and all(has_all(file) for file in files):
            return name, typst.Fonts(include_system_fonts=False, font_paths=[_alone(files)])
    return OWN, typst.Fonts(include_system_fonts=False)


_kept: list[TemporaryDirectory[str]] = []  # to the end of the process: the typesetter reads a face when it needs it


def _alone(files: list[Path]) -> str:
    """Return a folder with these files and nothing else: the typesetter looks into folders, and passes over files."""
    _kept.append(TemporaryDirectory(prefix="doi178-faces-"))
    for file in files:
        beside = Path(_kept[-1].name) / file.name
        try:
            beside.symlink_to(file.resolve())
        except OSError:  # on Windows only an administrator may
            shutil.copy(file, beside)
    return _kept[-1].name


def _files(where: tuple[Path, ...]) -> dict[str, Path]:
    wanted = {file.lower() for files in FACES.values() for file in files}
    return {
        name.lower(): Path(folder) / name
        for top in reversed(where)
        if top.is_dir()
        for folder, _, names in os.walk(top)
        for name in names
        if name.lower() in wanted
    }


def has_all(file: Path) -> bool:
    """Say whether the face in *file* has every letter that a paper needs."""
    from PIL import ImageFont

    try:
        face = ImageFont.truetype(str(file), 16, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return False
    missing = bytes(face.getmask(_NOBODY_HAS))
    return all(bytes(face.getmask(letter)) != missing for letter in NEEDED)
