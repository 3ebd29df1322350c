"""A return as a paper of the office: of a draft as it stands now, of one that was sent as it was frozen."""

from itertools import groupby

from server.documents.docx import as_docx
from server.documents.model import Paper, Part
from server.documents.pdf import as_pdf
from server.documents.xlsx import as_xlsx
from server.returns import freezing
from server.returns.draft import Content
from server.returns.sent import Return
from server.returns.sheets import sheets

MAKERS = {"docx": as_docx, "pdf": as_pdf, "xlsx": as_xlsx}
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def paper(content: Content, row: Return, replaced: Return | None = None) -> Paper:
    """Return the paper of a return; number and day are what the clerk gave since, all else is what was sent.

    *replaced*: the version in whose place it stands, which it names.
    """
    head, frame = content.head, content.frame
    extra = () if not content.restated or _says(frame, "điều chỉnh") else ("điều chỉnh",)
    more = (*(("tổng hợp",) if content.below else ()), *extra)
    return Paper(
        issuer=head["issuer"], issuer_above=head.get("issuer_above") or "", number=row.number,
        symbol=head.get("symbol") or "", place=head.get("place") or "", day=row.signed_on or row.until[:4],
        title=head["title"], opening=(*_in_place_of(content, replaced), *frame.opening),
        parts=_parts(content),
        closing=frame.closing, annexes=sheets(content, (*frame.annexes, *more)),
        recipients=(*(f"{one};" for one in head.get("receivers") or ()), "Lưu: VT."),
        authority=head.get("authority") or "", signing=head.get("signing") or "", role=head.get("role") or "",
        signer=head.get("signer") or "", draft=row.is_draft,
        code=freezing.code(row.document) if row.document else "",
    )  # fmt: skip


def _parts(content: Content) -> tuple[Part, ...]:
    """Return the parts that say something, those under one heading together."""
    found: list[Part] = []
    for under, group in groupby(content.frame.parts, key=lambda part: part.under):
        made = [
            Part(part.heading, tuple(line for line in part.text.split("\n") if line.strip()),
                 sheets(content, part.tables))
            for part in group if part.text.strip() or part.tables
        ]  # fmt: skip
        found += [Part(under, parts=tuple(made))] if under and made else made
    return tuple(found)


def _says(frame: object, table: str) -> bool:
    parts = getattr(frame, "parts", ())
    return table in getattr(frame, "annexes", ()) or any(table in part.tables for part in parts)


def _in_place_of(content: Content, replaced: Return | None) -> tuple[str, ...]:
    """Return the sentence that says which report this one replaces, and why."""
    if replaced is None:
        return ()
    named = f"báo cáo lần {replaced.version}"
    if replaced.number:
        named = f"Báo cáo số {replaced.number}/{content.head.get('symbol') or ''}"
    when = f" gửi ngày {_day(replaced.sent_on)}" if replaced.sent_on else ""
    return (f"Báo cáo này thay {named}{when}. Lý do: {content.head.get('reason') or ''}.".replace("..", "."),)


def _day(text: str) -> str:
    return "/".join(reversed(text.split("-")))


def file_name(row: Return, ending: str) -> str:
    """Return what the file is called: report, unit, cut-off day."""
    unit = row.unit.replace(":", "-")
    return f"bao-cao-{row.report.replace('_', '-')}-{unit}-{row.until}-lan-{row.version}.{ending}"
