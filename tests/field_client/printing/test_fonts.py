"""A paper is set in one face, whole."""

import pypdfium2

from field_client.printing import minutes, render
from schemas import faces


def test_a_paper_is_set_in_one_face(db, settings, record):
    paper = minutes.of(db, settings, record(), minutes.Asked())
    pdf = pypdfium2.PdfDocument(render.pdf(paper.sheets, 0))

    names = {
        thing.get_font().get_base_name().partition("+")[2].partition("-")[0]
        for page in pdf
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    }

    assert names == {faces.chosen()[0].replace(" ", "")}
