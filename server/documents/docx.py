"""A paper as DOCX, to go on writing in Word. Its template is the folder docx/, zipped when it is first needed.

The template is our own code and no office replaces it; what an office may replace is the text (schemas.return_texts).
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment
from markupsafe import Markup, escape

from server.documents.docx_tables import tables_of
from server.documents.laid import laid
from server.documents.model import Paper

_TABLE, _BODY = b"<?table?>", "word/document.xml"
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
    template.render(said, Environment(finalize=_value, trim_blocks=True, lstrip_blocks=True), autoescape=True)
    template.core_properties.title = f"{said['kind']} {said['title'] or said['about']}".strip()[:_TITLE]
    kept = BytesIO()
    template.save(kept)
    parts = _parts(kept)
    between = parts[_BODY].split(_TABLE)  # a value cannot say it: what it says is written with &lt;
    parts[_BODY] = b"".join(chain(*zip(between, (*tables_of(said), b""), strict=True)))
    return _zipped(parts)


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
