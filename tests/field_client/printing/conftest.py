"""A furnished laptop with visits on it, and their papers opened."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlite_utils import Database

from field_client import records
from field_client.printing import minutes, render
from field_client.settings import Settings
from field_client.store import open_store
from schemas.checklists import items_for
from schemas.ids import new_id
from tests.field_client.pages.furnish import DONG_DO, MEMBERS, OTHER_VISIT, TEAM, furnish
from tests.field_client.printing.look import Looked

AT = datetime(2026, 11, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    """An enrolled laptop after its first fetch."""
    return furnish(tmp_path / "máy")


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    """Its database."""
    handle = open_store(settings.database)
    yield handle
    handle.close()


def body(**changes: Any) -> dict[str, Any]:
    """Return an unscheduled visit with two violations, past midnight."""
    return {
        "establishment": DONG_DO, "team": TEAM, "date": "2026-11-05", "basis": "unscheduled", "trigger": "complaint",
        "ground": "Đơn số 12/ĐTC", "evidence": "Đơn", "outcome": "violations", "started": "22:40", "ended": "00:15",
        "decision": "Số 178/QĐ-UBND",
        "members": [dict(zip(("name", "agency", "role", "card"), one[1:5], strict=True)) for one in MEMBERS],
        "representative": "Đỗ Văn Được", "representative_role": "Chủ hộ",
        "answers": {"COM-01": "pass", "COM-02": "fail", "COM-03": "pass", "COM-05": "na"},
        "notes": {"COM-02": "Giấy hết hạn", "COM-03": "Đang bổ sung"},
        "workers": {"total": 6, "contract": 4, "under_18": 0}, "informed": 6, "found_working": True,
        "violations": [
            {"id": new_id(), "code": "ND38-15.5b", "facts": "Còn 02 phòng hát lúc 00 giờ 10.",
             "committed_on": "2026-11-05"},
            {"id": new_id(), "text": "Không niêm yết nội quy", "citation": "Điều 5", "facts": "Không thấy."},
        ],
        "followed": [{"inspection": OTHER_VISIT, "finding": "COM-02", "resolved": False, "seen": "Chưa có giấy mới."}],
        "statement": "Sẽ bổ sung.", "remark": "Yêu cầu khắc phục trước ngày 20/11/2026.", **changes,
    }  # fmt: skip


@pytest.fixture
def record(db: Database) -> Callable[..., str]:
    """Return a function that finishes a visit and returns its id; under an *id*, it is the next revision."""

    def keep(id: str = "", **changes: Any) -> str:
        return records.record(db, id or new_id(), body(**changes), at=AT).id

    return keep


@pytest.fixture
def look(db: Database, settings: Settings) -> Callable[..., Looked]:
    """Return a function that prints a visit's minutes and opens them."""

    def opened(id: str, asked: str = "", annex: str = "") -> Looked:
        paper = minutes.of(db, settings, id, minutes.Asked(asked, annex))
        return Looked(render.pdf(paper.sheets, paper.made_at))

    return opened


def whole_checklist() -> dict[str, str]:
    """Return “Đạt” for all that a karaoke is asked."""
    return {item.code: "pass" for item in items_for(("karaoke",), date(2026, 11, 5))}
