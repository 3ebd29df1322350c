"""The slip that says that the server has a visit: for the file, and no number of a document."""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from field_client import visits
from field_client.clock import VIETNAM
from field_client.places import NotKnown
from field_client.printing import templates, visit_facts
from field_client.printing.fill import fill
from field_client.printing.render import Sheet, finished
from schemas.minutes_code import short_of
from schemas.papers import PURPOSES


def of(db: Database, id: str) -> Sheet:
    """Return the slip of a visit's shown revision, or raise NotKnown where no receipt of it is stored here."""
    found = visits.find(db, id)
    row = db.conn.execute(
        "SELECT own.seq, proofs.at FROM own LEFT JOIN proofs ON proofs.id = own.proof"
        " WHERE own.name = ? AND own.seq IS NOT NULL",
        (found.visit.item,),
    ).fetchone()
    if row is None:
        raise NotKnown("Máy chủ chưa nhận biên bản này; bấm Gửi ngay rồi in phiếu.")
    facts = visit_facts.of_visit(db, found.body)
    code, revision = short_of(found.visit.item).text(), str(found.visit.revision)
    said = {"mã tiếp nhận": str(row[0]), "mã kiểm chứng": code, "lần": revision}
    if row[1]:
        said["giờ nhận"] = f"{datetime.fromisoformat(row[1]).astimezone(VIETNAM):%H giờ %M phút, ngày %d/%m/%Y}"
    filled = fill(templates.chosen(db, "receipt").paper, replace(facts, values={**facts.values, **said}))
    return finished(filled, name=PURPOSES["receipt"][0], foot=f"Mã tiếp nhận {row[0]}")
