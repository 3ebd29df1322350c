"""The pages of figures: a commune enters and sends, the district reviews, and files and programs say the same."""

import csv
import re
import zipfile
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO

from server.clock import now
from server.files.keeping import check_files, drop_orphans
from server.indicators.keeping import media_of
from tests.markup import faults

MINH_SON, DAN_LUC, DISTRICT = "old:15691", "old:15673", "old:397"
KY = "half_year:2023-01-01:2023-06-19"
WORD = "word/document.xml"
PDF = b"%PDF-1.4\n%%EOF\n"


def address(reports, unit, **more):
    query = {"ke-hoach": reports.plan, "don-vi": unit, "ky": KY} | more
    return "/chi-tieu/nhap?" + "&".join(f"{word}={value}" for word, value in query.items())


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def post(client, path, **given):
    page = client.get(path).text
    hidden = dict(re.findall(r'name="((?:seen|kept)-[^"]+)" value="([^"]*)"', page))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post(path, data={"csrf_token": token, **hidden, **given}, content_type="multipart/form-data")


def office_file(*names):
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return made.getvalue()


def test_a_commune_enters_sends_and_is_sent_back_and_the_district_accepts(district):
    office, path = district.office, address(district, MINH_SON)
    commune, above = office.client(area=MINH_SON), office.client(area=DISTRICT)
    figures = {"numerator-H1.3a": "1.042", "denominator-H1.3a": "60", "numerator-H2.1": "1"}

    wrong = post(commune, path, do="send", **figures)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text and 'value="1.042"' in wrong.text
    assert "Số đạt lớn hơn tổng số" in text(wrong)
    assert faults(wrong.text) == []
    assert office.db["indicator_values"].count == 0

    assert post(commune, path, do="send", **figures | {"numerator-H1.3a": "42"}).status_code == 303
    review = above.get(path)
    assert faults(review.text) == []
    assert "42/60 (70,0 %)" in text(review) and 'id="numerator-H1.3a"' not in review.text
    assert post(above, path, do="return|H1.3a").status_code == 422
    assert post(above, path, do="return|H1.3a", **{"comment-H1.3a": "Thiếu thôn 3"}).status_code == 303
    assert "Thiếu thôn 3" in text(commune.get(path))
    assert post(commune, path, do="send", **{"numerator-H1.3a": "48", "denominator-H1.3a": "60"}).status_code == 303
    assert post(above, path, do="accept").status_code == 303
    assert {row["standing"] for row in office.db["indicator_values"].rows} == {"accepted"}
    assert 'id="numerator-H1.3a"' not in commune.get(path).text

    id = next(row["id"] for row in office.db["indicator_values"].rows if row["indicator"] == "H1.3a")
    history = above.get(f"/chi-tieu/so/{id}")
    assert faults(history.text) == [] and "Thiếu thôn 3" in text(history)
    listed = above.get(f"/chi-tieu?ke-hoach={district.plan}&ky={KY}")
    assert faults(listed.text) == [] and "Còn thiếu" in text(listed)


def test_a_figure_far_from_the_last_one_asks_for_a_note_and_is_taken(district):
    client = district.office.client(area=MINH_SON)
    district.say("H1.3a", MINH_SON, 42, 60, **{"from": "2022-01-01", "to": "2022-06-14"})

    answer = post(client, address(district, MINH_SON), **{"numerator-H1.3a": "20", "denominator-H1.3a": "160"})

    assert answer.status_code == 303
    page = text(client.get(address(district, MINH_SON)))
    assert "Khác nhiều so với kỳ trước" in page and "42/60" in page


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(district):
    client, path = district.office.client(area=MINH_SON), address(district, MINH_SON)
    district.say("H1.3a", MINH_SON, 42, 60)

    answer = post(client, path, **{"numerator-H1.3a": "50", "denominator-H1.3a": "60", "seen-H1.3a": "1"})

    assert answer.status_code == 422 and "Người khác vừa sửa" in text(answer)


def test_the_police_enter_what_the_police_report_and_the_districts_coordinator_accepts_it(district):
    office, path = district.office, address(district, DISTRICT)
    police, coordinator = office.client("police", DISTRICT), office.client(area=DISTRICT)

    page = police.get(path).text
    assert 'id="numerator-H3.2"' in page and 'id="H1.3a"' not in page
    assert 'id="H1.3a"' in police.get(f"{path}&co-quan=").text
    said = {"numerator-H3.2": "21", "denominator-H3.2": "20", "numerator-H1.3a": "1", "denominator-H1.3a": "1"}
    assert post(police, path, do="send", **said).status_code == 303
    assert [row["agency"] for row in office.db["indicator_values"].rows] == ["Công an huyện"]
    assert post(coordinator, f"{path}&nhap=duyet", do="accept|H3.2").status_code == 303
    assert next(office.db["indicator_values"].rows)["standing"] == "accepted"


def test_a_file_beside_a_figure_is_checked_kept_and_handed_out_in_the_area_alone(district):
    office, path = district.office, address(district, MINH_SON)
    client = office.client(area=MINH_SON)
    good = {"numerator-H1.3a": "42", "denominator-H1.3a": "60"}

    bad = post(client, path, **good, **{"file-H1.3a": (BytesIO(b"MZ program"), "a.pdf")})
    assert bad.status_code == 422 and "Chỉ đính kèm được" in text(bad)
    word = office_file(WORD)
    half = post(client, path, **good | {"numerator-H1.3a": "70"}, **{"file-H1.3a": (BytesIO(word), "danh-sach.docx")})
    assert half.status_code == 422 and "danh-sach.docx" in text(half)
    kept = re.search(r'name="kept-H1.3a" value="([^"]+)"', half.text)[1]
    assert post(client, path, **good, **{"kept-H1.3a": "x" + kept}).status_code == 422
    assert post(client, path, **good, **{"kept-H1.3a": kept}).status_code == 303

    id = next(office.db["indicator_values"].rows)["id"]
    assert client.get(f"/chi-tieu/tep/{id}").data == word
    assert office.client(area=DAN_LUC).get(f"/chi-tieu/tep/{id}").status_code == 403
    later = now() + timedelta(days=2)
    assert drop_orphans(office.db, office.settings.files, later) == 0  # it was claimed with the figure itself
    unnamed = post(client, path, **good | {"numerator-H1.3a": "70"}, **{"file-H1.3a": (BytesIO(PDF), "a.pdf")})
    kept = re.search(r'name="kept-H1.3a" value="([^"]+)"', unnamed.text)[1]
    assert drop_orphans(office.db, office.settings.files, now()) == 0  # somebody is still filling in the form
    assert drop_orphans(office.db, office.settings.files, later) == 1
    gone = post(client, path, **good, **{"kept-H1.3a": kept})
    assert gone.status_code == 422 and "đính kèm lại" in text(gone)
    assert client.get(f"/chi-tieu/tep/{id}").data == word
    assert check_files(office.db.conn, office.settings.files) == []


def test_what_is_in_a_file_says_what_it_is():
    assert media_of(office_file(WORD)).endswith("wordprocessingml.document")
    assert media_of(office_file("xl/workbook.xml")).endswith("spreadsheetml.sheet")
    assert media_of(b"%PDF-1.7") == "application/pdf"
    for other in (office_file(WORD, "word/vbaProject.bin"), office_file("other.xml"), b"PK\x03\x04broken"):
        assert media_of(other) == ""


def test_small_numbers_are_hidden_from_the_district_on_pages_in_files_and_for_programs(district):
    district.say("H4.2", MINH_SON, 3, 4, standing="sent")
    district.say("H4.2", DAN_LUC, 20, 31, standing="sent")
    client = district.office.client(area=DISTRICT)
    id = next(row["id"] for row in district.office.db["indicator_values"].rows if row["unit"] == MINH_SON)

    for unit in (MINH_SON, DAN_LUC, DISTRICT):
        page = text(client.get(address(district, unit)))
        assert "3/4" not in page and "20/31" not in page and "23/35" not in page
    rows = list(csv.reader(StringIO(client.get(f"/chi-tieu.csv?ke-hoach={district.plan}&ky={KY}").text)))
    found = [row for row in rows if row[1] == "H4.2" and row[7] not in ("", "Chưa nhập")]
    assert len(found) == 3 and all(row[4:7] == ["", "", ""] for row in found)
    query = f"plan={district.plan}&since=2023-01-01&until=2023-06-19"
    told = client.get(f"/api/v1/indicators?{query}&limit=500").json
    assert {row["numerator"] for row in told["rows"] if row["indicator"] == "H4.2"} == {None}
    standings = client.get(f"/api/v1/indicators/standings?{query}").json["indicators"]
    assert next(one for one in standings if one["indicator"] == "H4.2")["hidden"] is True
    assert client.get(f"/chi-tieu/so/{id}").status_code == 403
    assert client.get(f"/api/v1/indicators/values/{id}").status_code == 403
    own = district.office.client(area=MINH_SON)
    assert 'value="3"' in own.get(address(district, MINH_SON)).text


def test_a_number_that_was_small_before_is_not_told_by_the_history_nor_as_the_last_one(district):
    district.say("H4.2", MINH_SON, 7, 9, **{"from": "2022-01-01", "to": "2022-06-14"}, standing="sent")
    district.say("H4.2", MINH_SON, 3, 4, note="Còn 3 người", standing="sent")
    district.say("H4.2", MINH_SON, standing="returned", comment="Ghi 3 người là thiếu")
    district.say("H4.2", MINH_SON, 20, 31, note="Đã đủ", standing="sent")
    id = next(row["id"] for row in district.office.db["indicator_values"].rows if row["since"] == "2023-01-01")
    above, own = district.office.client(area=DISTRICT), district.office.client(area=MINH_SON)

    told = above.get(f"/chi-tieu/so/{id}").text
    assert "<td>Chờ duyệt</td>" in told
    assert "3 người" not in told and "<td>31</td>" not in told
    assert "<td>31</td>" in own.get(f"/chi-tieu/so/{id}").text
    assert "Còn 3 người" in text(own.get(f"/chi-tieu/so/{id}"))
    assert {path for one in above.get(f"/api/v1/indicators/values/{id}").json["changes"] for path in one["set"]} & {
        "numerator", "denominator", "note", "comment"} == set()  # fmt: skip
    assert "20/31" in text(above.get(address(district, MINH_SON)))
    assert "7/9" not in text(above.get(address(district, MINH_SON)))
    assert "7/9" in text(own.get(address(district, MINH_SON)))
