"""A province's return as DOCX, PDF and XLSX, beside the same words in the barest file of the kind."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import typst
from xlsxwriter import Workbook

from benchmarks.ends import Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.sizes import COMMUNE, Size
from server.documents import words
from server.documents.docx import as_docx
from server.documents.model import Head, Look, Paper, Part, Percent, Row, Sheet
from server.documents.pdf import as_pdf
from server.documents.xlsx import as_xlsx

FIGURES = ("return_docx", "return_pdf", "return_xlsx")
TIMES = 3
KINDS = ("Karaoke", "Khách sạn, nhà nghỉ", "Xoa bóp")
GROUPS = (3, 5, 4, 3, 7, 8, 2, 3, 3, 1, 2)  # of how many columns the table of a return has; 41 in all
SENTENCE = "Trong kỳ đã kiểm tra 275 cơ sở trên tổng số 1.100 cơ sở kinh doanh dịch vụ, đạt 25,0 %. "
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxml'
          'formats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
          'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')  # fmt: skip
_RELATED = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats'
    '.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_BARE = "#for one in json(bytes(sys.inputs.tables)) { table(columns: one.first().len(), ..one.flatten()) }"


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Make the return of a province (at size S of a commune) in each form, with other figures each time."""
    communes, visits = {"toy": (2, 4), "S": (1, 25)}.get(size.name, (166, 1500))
    times = 1 if size.area == COMMUNE else TIMES
    papers = [province(communes, visits, seed) for seed in range(times + 1)]
    tables = [[[[words.written(cell) for cell in row.cells] for row in sheet.rows] for sheet in paper.annexes]
              for paper in papers]  # fmt: skip
    for name, (make, base, bare) in MAKERS.items():
        tell(f"  {name}")
        value = milliseconds(partial(_next, make, iter(papers)), times, warm_up=1)
        baseline = milliseconds(partial(_next, bare, iter(tables)), times, warm_up=1)
        note = f"{communes} communes, {len(KINDS)} kinds, {sum(GROUPS)} columns; annex of {visits} visits"
        yield Figure(name, size.name, value, "ms", {base: baseline}, f"{note}; {len(make(papers[0]))} bytes")


def _next(make: Callable[[Any], bytes], of: Iterator[Any]) -> bytes:
    return make(next(of))


def province(communes: int, visits: int, seed: int = 0) -> Paper:
    """Return a half-year return with the whole table by commune and kind and the list of inspections."""
    return Paper(
        issuer_above="ỦY BAN NHÂN DÂN TỈNH THANH HÓA", issuer="SỞ Y TẾ", symbol="BC-SYT", place="Thanh Hóa",
        day="2026-06-19", title="Kết quả công tác phòng, chống mại dâm 6 tháng đầu năm 2026", opening=(SENTENCE * 2,),
        parts=tuple(Part(f"Phần {number}", (SENTENCE * 3,) * 4) for number in range(8)), closing=(SENTENCE,),
        annexes=(_figures(communes, seed), _visits(visits, seed)), recipients=("UBND tỉnh (để b/c)",), role="GIÁM ĐỐC",
    )  # fmt: skip


def _figures(communes: int, seed: int) -> Sheet:
    columns = sum(GROUPS)
    groups = tuple(Head(f"Nhóm số liệu {number}", columns=count) for number, count in enumerate(GROUPS, 1))
    head = ((Head("Đơn vị", rows=2), Head("Loại hình", rows=2), *groups),
            tuple(Head(f"Trong đó mục {number} (cơ sở)") for number in range(columns)))  # fmt: skip
    rows = []
    for commune in range(communes):
        name = f"Xã Thọ Bình {commune}"
        rows += [Row((name, kind, *_numbers(seed + commune + at, columns))) for at, kind in enumerate(KINDS)]
        rows.append(Row((name, "Cộng", *_numbers(seed + 3 * commune, columns)), Look.TOTAL))
    return Sheet("Số liệu theo xã và loại hình", head, tuple(rows), wide=True)


def _numbers(seed: int, columns: int) -> tuple[int | Percent, ...]:
    return tuple(Percent((seed * 7) % 1000) if at == 7 else (seed * 31 + at) % 1300 for at in range(columns))


def _visits(count: int, seed: int) -> Sheet:
    names = ("STT", "Ngày", "Cơ sở", "Địa chỉ", "Xã", "Hình thức", "Đội kiểm tra", "Biên bản số", "Vi phạm")
    rows = tuple(
        Row((at + 1, date(2026, 1, 1) + timedelta(days=at % 160), f"Karaoke Ánh Dương {seed + at}", "Thôn 3, Lê Lợi",
             f"Xã Thọ Ngọc {at % 166}", "Theo kế hoạch", f"Đội kiểm tra liên ngành số {at % 12}", f"{at}/BB-ĐKT",
             "Không có hợp đồng lao động với nhân viên" if at % 4 == 0 else None))
        for at in range(count)
    )  # fmt: skip
    return Sheet("Danh sách các cuộc kiểm tra", (tuple(map(Head, names)),), rows, wide=True)


Tables = list[list[list[str]]]


def _docx(tables: Tables) -> bytes:
    """Write rows of words into tables of a document without any layout."""
    body = "".join(
        "<w:tbl>" + "".join(
            f"<w:tr>{''.join(f'<w:tc><w:p><w:r><w:t>{escape(cell)}</w:t></w:r></w:p></w:tc>' for cell in row)}</w:tr>"
            for row in rows
        ) + "</w:tbl><w:p/>"
        for rows in tables
    )  # fmt: skip
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATED)
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
    return kept.getvalue()


def _pdf(tables: Tables) -> bytes:
    """Set rows of words in tables of as many equal columns, whether or not a page has room for them."""
    given = {"tables": json.dumps(tables, ensure_ascii=False)}
    made = typst.compile(_BARE.encode(), format="pdf", sys_inputs=given)
    return made if isinstance(made, bytes) else b""


def _xlsx(tables: Tables) -> bytes:
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True}) as book:
        for rows in tables:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return kept.getvalue()


MAKERS: dict[str, tuple[Callable[[Paper], bytes], str, Callable[[Tables], bytes]]] = {
    "return_docx": (as_docx, "bare", _docx),
    "return_pdf": (as_pdf, "typst", _pdf),
    "return_xlsx": (as_xlsx, "bare", _xlsx),
}
