"""A return through the browser's requests: opened, written, sent, numbered, taken along; who has sent stands beside."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from server.returns import freezing
from server.returns.sent import find
from tests.server.pages.conftest import COMMUNE, DISTRICT
from tests.server.returns.conftest import DEADLINES


def post(client, path, form="", **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form or path).text)[1]
    return client.post(path, data={"csrf_token": token, **data})


@pytest.fixture
def client(returns):
    return returns.office.client(area=DISTRICT)


def opened(returns, client, unit=COMMUNE):
    form = {"don-vi": unit, "loai": "half_year", "ke-hoach": returns.plan, "nam": "2026"}
    answer = post(client, "/bao-cao/lap", **form)
    assert answer.status_code == 303
    return answer.location.rpartition("/")[2]


def write(client, page, key, text, *, seen="", prefilled="", do=""):
    form = {"part": key, f"text-{key}": text, f"seen-{key}": seen, f"prefilled-{key}": prefilled}
    return post(client, f"{page}/noi-dung", page, do=do, **form)


def test_one_return_from_the_form_to_the_clerks_number(returns, client):
    id = opened(returns, client)
    page = f"/bao-cao/{id}"
    first = client.get(page).text
    assert opened(returns, client) == id

    assert write(client, page, "kho-khan", "Thiếu người.").status_code == 303
    heads = {"trich-yeu": "Kết quả 6 tháng", "co-quan": "UBND XÃ TRIỆU SƠN", "ky-hieu": "BC-UBND",
             "dia-danh": "Triệu Sơn", "nguoi-ky": "Lê Văn Ký", "noi-nhan": "Sở Y tế\nLưu", "tu-ngay": "1/1/2026",
             "den-ngay": "18/6/2026"}  # fmt: skip
    assert post(client, f"{page}/dau", page, **heads).status_code == 303
    asked = client.get(f"{page}/gui").text
    assert post(client, f"{page}/gui").status_code == 303
    clerk = returns.office.client("clerk", DISTRICT)
    assert post(clerk, f"{page}/so", page, so="125", **{"ngay-ky": "18/6/2026"}).status_code == 303

    assert "Gửi báo cáo" in first
    assert "không sửa được nữa" in asked
    row = find(returns.office.db.conn, id)
    sent = client.get(page).text
    for said in ("Thiếu người.", "Kết quả 6 tháng", freezing.code(row.document), "125", "khớp với báo cáo đã gửi"):
        assert said in sent, said
    assert "Lưu nội dung" in first
    assert "Lưu nội dung" not in sent
    log = returns.office.db.conn.execute("SELECT unit, detail FROM audit WHERE what = 'return_sent'").fetchone()
    assert log[0] == COMMUNE


def test_a_part_that_somebody_else_wrote_is_shown_and_not_written_over(returns, client):
    id = opened(returns, client)
    page = f"/bao-cao/{id}"
    write(client, page, "kho-khan", "Của Hạnh.")

    late = write(client, page, "kho-khan", "Của Bình.")

    assert late.status_code == 422
    assert "Người khác vừa sửa phần này" in late.text
    assert "Của Bình.</textarea>" in late.text
    assert "Của Hạnh." in late.text


def test_a_part_that_is_saved_untouched_or_given_back_follows_the_figures(returns, client):
    id = opened(returns, client)
    page = f"/bao-cao/{id}"
    prefilled = next(part.prefilled for part in returns.shown(id).content.parts if part.key == "kiem-tra")
    write(client, page, "kiem-tra", prefilled.replace("\n", "\r\n"), prefilled=prefilled)
    assert not returns.state(id).get("part/kiem-tra")

    write(client, page, "kiem-tra", "Khác.", prefilled=prefilled)
    assert returns.state(id)["part/kiem-tra"]
    write(client, page, "kiem-tra", "Khác.", prefilled=prefilled, seen="Khác.", do="prefilled|kiem-tra")

    assert not returns.state(id).get("part/kiem-tra")


def test_every_number_leads_to_its_list_now_and_as_it_was_sent(returns, client):
    id = returns.sent()
    path = f"/bao-cao/{id}/so/visits"
    visit = returns.shown(id).content.figures.total.cells["visits"].ids[0]

    assert f'href="{path}"' in client.get(f"/bao-cao/{id}").text
    returns.apply(do="void", inspection=visit, reason="Nhầm")

    listed = client.get(path).text
    assert f"/cuoc-kiem-tra/{visit}" in listed
    assert "Karaoke Đông Đô" in client.get(f"{path}.csv").text
    assert "đã hủy biên bản" in client.get(f"/bao-cao/{id}").text
    assert client.get(f"/bao-cao/{id}/so/share").status_code == 404


def test_the_papers_say_what_was_sent_also_after_something_came_later(returns, client):
    id = returns.sent()
    returns.office.visit(returns.office.place("Karaoke Sao Đêm"), "2026-06-01")

    word = client.get(f"/bao-cao/{id}/van-ban.docx")
    table = client.get(f"/bao-cao/{id}/van-ban.xlsx")

    said = re.sub(r"<[^>]+>", "", ZipFile(BytesIO(word.data)).read("word/document.xml").decode())
    assert "KẾT QUẢ" in said.upper()
    assert "DỰ THẢO" not in said
    sheets = load_workbook(BytesIO(table.data))
    cells = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    visits = next(row for row in cells if row[0] == "Tổng số (lượt)")
    assert visits[1] == 1
    assert client.get(f"/bao-cao/{id}/van-ban.odt").status_code == 404


def test_the_list_says_who_has_sent_and_who_has_not(returns, client):
    returns.sent()

    page = client.get(f"/bao-cao?don-vi={DISTRICT}&nam=2026").text

    communes = page.partition("ai đã gửi, ai chưa gửi")[2]
    assert "Báo cáo 6 tháng: đã gửi 1/" in communes
    assert "Chưa gửi" in communes
    listed = client.get(f"/bao-cao.json?don-vi={DISTRICT}&nam=2026").json
    assert [(one["unit"], one["standing"]) for one in listed["returns"]] == [(COMMUNE, "sent")]
    assert client.get(f"/bao-cao.csv?don-vi={DISTRICT}&nam=2026").text.count("\n") == 2


def test_programs_read_the_list_who_has_sent_and_one_with_what_changed(returns, client):
    id = returns.sent()
    returns.office.visit(returns.office.place("Karaoke Sao Đêm"), "2026-06-01")

    rows = client.get(f"/api/v1/returns?unit={DISTRICT}&year=2026").json["rows"]
    one = client.get(f"/api/v1/returns/{id}").json
    sent = client.get(f"/api/v1/returns-sent?unit={DISTRICT}&year=2026").json["rows"]

    assert [row["id"] for row in rows] == [id]
    assert one["says"] == json.loads(returns.raw(id))
    assert {("visits", 1, 2)} <= {(line["code"], line["reported"], line["now"]) for line in one["restatements"]}
    assert [row["unit"] for row in sent if row["reports"][0]["standing"] == "sent"] == [COMMUNE]


def test_the_form_offers_the_plan_of_an_ended_district_when_it_is_over_to_a_commune_of_today(returns):
    past = returns.office.plan(area=DISTRICT, year=2025, **DEADLINES)
    other = returns.office.plan(area="new:01")
    client = returns.office.client(area=COMMUNE)
    form = {"don-vi": COMMUNE, "loai": "year", "ke-hoach": past, "nam": "2025"}

    plain, named = client.get("/bao-cao/lap").text, client.get("/bao-cao/lap", query_string=form).text

    places = [plain.index(f'<option value="{id}"') for id in (returns.plan, past)]
    assert places == sorted(places)
    assert other not in plain
    assert f'<option value="{past}" selected>' in named
    assert post(client, "/bao-cao/lap", **form).status_code == 303
