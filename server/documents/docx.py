"""A paper as DOCX, to go on writing in Word. Its template is the folder docx/, zipped when it is first needed.

The template is our own code and no office replaces it; what an office may replace is the text (schemas.return_texts).
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment
from markupsafe import Markup, escape

from server.documents.laid import laid
from server.documents.model import Paper
from server.documents.tabled import Laid, merged

_WIDTHS = {False: 9184, True: 14570}  # between the margins, in twentieths of a point
_TITLE = 255  # letters, as much as Word takes
_PARTS = {
    "content_types.xml": "[Content_Types].xml",
    "rels.xml": "_rels/.rels",
    "core.xml": "docProps/core.xml",
    "document_rels.xml": "word/_rels/document.xml.rels",
    "document.xml": "word/document.xml",
    "styles.xml": "word/styles.xml",
    "settings.xml": "word/settings.xml",
    "header.xml": "word/header1.xml",
    "footer.xml": "word/footer1.xml",
}


def as_docx(paper: Paper) -> bytes:
    """Write *paper* as a document of Word."""
    from docxtpl import DocxTemplate  # 12 MB with what it brings: imported when the first document is written

    template = DocxTemplate(BytesIO(_template()))
    said = laid(paper)
    template.render(_given(said), Environment(finalize=_value, trim_blocks=True, lstrip_blocks=True), autoescape=True)
    template.core_properties.title = f"{said['kind']} {said['title'] or said['about']}".strip()[:_TITLE]
    kept = BytesIO()
    template.save(kept)
    return _zipped(_parts(kept))


def _parts(file: BytesIO) -> dict[str, bytes]:
    with ZipFile(file) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    """Put *parts* into one file, under no date: the same paper gives the same bytes."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, said in parts.items():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, said)
    return kept.getvalue()


@cache
def _template() -> bytes:
    folder = files("server.documents").joinpath("docx")
    return _zipped({name: folder.joinpath(file).read_bytes() for file, name in _PARTS.items()})


def _value(value: Any) -> Any:
    """Keep docxtpl from reading signs of its own, {_{ and %_}, in a value."""
    if isinstance(value, str) and "_" in value and not isinstance(value, Markup):
        return Markup(str(escape(value)).replace("_", "&#95;"))
    return value


def _given(said: Laid) -> Laid:
    for one in (*said["body"], *said["annexes"]):
        for table in one.get("tables", ()):
            _measured(table, _WIDTHS[one.get("wide", False)])
    return said


def _measured(table: Laid, whole: int) -> None:
    """Add what Word wants to know of a table: widths in its own measure, a style for each column, merged heads."""
    parts = sum(table["widths"])
    twips = [whole * width // parts for width in table["widths"]]
    size = table["size"]
    table["twips"] = twips
    table["styles"] = [f"So{size}" if figure else f"Chu{size}" for figure in table["figures"]]
    table["heads"] = [[{**one, "width": sum(twips[one["at"] : one["at"] + one["columns"]])} for one in row]
                      for row in merged(table["head"])]  # fmt: skip
