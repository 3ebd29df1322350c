"""Which text a return is written by, and what becomes of it with its values."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from schemas import templates as texts
from schemas.return_texts import builtin, read
from schemas.units import UnitTree, packaged_successors, packaged_units
from server.changes import apply_lines
from server.cli.main import commands
from server.documents.templates import filled, template

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TREE = UnitTree(packaged_units(), packaged_successors())
PROVINCE, COMMUNE = "new:38", "new:15664"


@pytest.fixture
def put(central):
    """Set the text of an area."""

    def run(area, text, **asked):
        line = json.dumps({"do": "template", "purpose": "return_year", "area": area, "text": text, **asked})
        (answer,) = apply_lines(central.db, [line], author="test", at=AT)
        assert answer["standing"] == "accepted", answer["problems"]

    return run


def text(heading):
    return f"@phần kiem-tra: {heading}\n{{lời văn}}"


def test_the_nearest_area_s_own_text_is_used_else_that_of_the_program(central, put):
    def heading(unit):
        return template(central.db.conn, TREE, unit, "year").parts[0].heading

    assert template(central.db.conn, TREE, COMMUNE, "year") == builtin("return_year")
    put("38", text("Của tỉnh"), name="Mẫu 2026")
    assert heading(COMMUNE) == "Của tỉnh"
    put("15664", text("Của xã"))
    assert (heading(COMMUNE), heading(PROVINCE)) == ("Của xã", "Của tỉnh")
    put("15664", "")
    assert heading(COMMUNE) == "Của tỉnh"
    assert template(central.db.conn, TREE, COMMUNE, "year").name == "Mẫu 2026"
    assert template(central.db.conn, TREE, COMMUNE, "quarter") == builtin("return_quarter")


def test_a_text_that_cannot_be_read_stops_nothing_and_says_why(central, put):
    put("38", text("Của tỉnh"), name="Mẫu cũ")
    with central.db.conn:
        central.db.conn.execute(
            "UPDATE things SET state = replace(state, '{lời văn}', '{tên cũ}') WHERE kind = 'template'"
        )

    found = template(central.db.conn, TREE, COMMUNE, "year")
    assert found.parts == builtin("return_year").parts
    assert found.trouble.startswith("Không dùng được mẫu “Mẫu cũ”: Dòng 2 của mẫu: không có chỗ trống {tên cũ}")


def test_a_text_is_printed_checked_and_set_at_the_command_line(central, tmp_path):
    def run(*words):
        return CliRunner().invoke(commands, ["template", "return_year", *words, "--data", str(central.settings.data)])

    (tmp_path / "a.txt").write_text(text("Của tỉnh"), encoding="utf-8")
    (tmp_path / "b.txt").write_text("@phần lạ: X", encoding="utf-8")

    assert run().output == texts.builtin_text("return_year")
    assert run("--set", str(tmp_path / "b.txt"), "--area", "38").exit_code != 0
    assert run("--set", str(tmp_path / "a.txt"), "--area", "38").exit_code == 0
    assert run("--area", "38").output == text("Của tỉnh")


def test_blanks_get_their_values_and_brackets_go_where_one_is_missing():
    made = read(
        "@trích yếu\nKết quả {KỲ BÁO CÁO}\n@mở đầu\nThực hiện {kế hoạch|nhiệm vụ}[ (số {số kế hoạch})], {đơn vị}:\n"
        "@phần kiem-tra: Kiểm tra\n{lời văn}\n[Nhắc: {hạn}.]\n%bảng so sánh\n@phần kho-khan: Khó khăn\n{lời văn}"
    )
    one = filled(made, {"kỳ báo cáo": "năm 2026", "số kế hoạch": "12/KH"}, {"kiem-tra": "Một.\n\nHai {đơn vị} [x]."})
    two = filled(made, {"đơn vị": "xã An Nông", "kế hoạch": "Kế hoạch", "hạn": "20/12"})

    assert one.title == "Kết quả NĂM 2026"
    assert one.opening == ("Thực hiện nhiệm vụ (số 12/KH), ……:",)
    assert [(part.text, part.tables) for part in one.parts] == [("Một.\nHai {đơn vị} [x].", ("so sánh",)), ("", ())]
    assert two.opening == ("Thực hiện Kế hoạch, xã An Nông:",)
    assert two.parts[0].text == "Nhắc: 20/12."


def test_a_letter_names_each_unit_on_a_line():
    values = {"tên báo cáo": "báo cáo 6 tháng", "hạn": "trước ngày 20/6", "ngày nhắc": "21/6/2026",
              "nơi nhận": "Sở Y tế", "số đơn vị chưa gửi": "02"}  # fmt: skip
    rows = [{"stt": "1", "tên": "Xã An Nông"}, {"stt": "2", "tên": "Xã Thọ Phú", "hạn": "trước ngày 15/6"}]
    made = filled(builtin("return_reminder"), values, rows={"đơn vị chưa gửi": rows})

    assert made.title == "đôn đốc gửi báo cáo 6 tháng"
    assert made.opening[2:4] == ("1. Xã An Nông.", "2. Xã Thọ Phú (trước ngày 15/6).")
    assert "……" not in "".join((*made.opening, *made.closing))
