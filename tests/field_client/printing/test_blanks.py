"""Papers for a night without a printer: what is known is filled in, and there is room for a pen for the rest."""

from datetime import date

import pytest

from field_client import rounds
from field_client.places import NotKnown
from field_client.printing import blanks, render
from schemas.checklists import items_for
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, TEAM
from tests.field_client.printing.conftest import AT
from tests.field_client.printing.look import Looked

TONIGHT = date(2026, 11, 20)


def opened(db, *ids, papers=blanks.USUAL):
    return Looked(render.pdf(blanks.of_places(db, ids, papers, TONIGHT), 0))


def test_the_place_is_filled_in_and_nothing_of_a_visit_is(db):
    said = opened(db, DONG_DO, papers=["minutes"]).all

    for words in ("Karaoke Đông Đô, Phố Giắt, thị trấn cũ, xã Triệu Sơn, tỉnh Thanh Hóa", "loại hình: karaoke",
                  "Hộ kinh doanh Đỗ Văn Được", "số 12/GP", "XÃ TRIỆU SƠN", "Vào hồi", "giờ", "năm 20"):  # fmt: skip
        assert words in said, words
    assert "Không có ý kiến" not in said
    assert "Đính chính" not in said
    assert said.count("..........") > 20, "dotted lines to write on"


def test_tonight_s_outing_is_filled_in(db):
    members = [{"name": "Lê Thị Hạnh", "role": "Đội trưởng", "card": "TH-012"}]
    rounds.start(db, team=TEAM, decision="Số 9/QĐ", leader="Lê Thị Hạnh", members=members, at=AT)

    said = opened(db, DONG_DO, papers=["minutes"]).all

    assert "1. Lê Thị Hạnh, Đội trưởng, thẻ kiểm tra số TH-012" in said
    assert "Quyết định kiểm tra số 9/QĐ" in said
    assert "5. ...." in said, "rows for whoever joins"


def test_the_checklist_has_all_that_the_kinds_of_the_place_are_asked(db):
    said = opened(db, HOA_SEN, papers=["checklist"]).all

    assert all(item.code in said for item in items_for(("lodging", "massage"), TONIGHT))
    assert "1 Đạt; 2 Không đạt; 3 Không áp dụng; 4 Chưa kiểm tra" in said


def test_several_places_are_one_file_and_each_begins_its_own_pages(db):
    paper = opened(db, "KTV-001", HOA_SEN, papers=["minutes"])

    starts = [page for page in range(len(paper)) if "CỘNG HÒA" in paper.words(page)]

    assert len(starts) == 2
    assert "Trang 1/" in paper.words(starts[1])
    assert paper.words(starts[1]).startswith("ỦY BAN"), "no number above the first page"


@pytest.mark.parametrize("purpose", sorted(blanks.WITHOUT_PERSONS))
def test_persons_are_left_to_the_pen(db, purpose):
    said = opened(db, DONG_DO, papers=[purpose]).all

    assert "Karaoke Đông Đô" in said
    assert "Đỗ Văn Được" not in said
    assert "0912" not in said


def test_a_place_that_is_not_here_is_said(db):
    with pytest.raises(NotKnown):
        blanks.of_places(db, ["KTV-404"], blanks.USUAL, TONIGHT)
