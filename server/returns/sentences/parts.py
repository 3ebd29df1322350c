"""The parts of a return, each as the paragraphs that its figures and indicators give."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from server.returns.sentences.said import Told, area, day, listed, many, number, percent, period, share
from server.returns.sentences.standings import paragraphs_of
from server.returns.stood import Stood
from server.returns.table import Figures, Row
from server.shares import tenths_of

# The keys of the parts, in the order of a report.
PARTS = (
    "tinh-hinh", "tuyen-truyen", "kiem-tra", "xu-phat", "tin-bao", "viec-trong-nam", "kho-khan", "phuong-huong",
)  # fmt: skip
TO_CONSULT = "Để tham khảo; người có thẩm quyền xử phạt quyết định."


def sentences(figures: Figures, standings: Sequence[Stood] = (), *, report: str = "half_year") -> Mapping[str, str]:
    """Return the text of each part of PARTS, a paragraph a line; empty where a person must write it (kho-khan)."""
    told = Told(figures)
    written: dict[str, Callable[[], Iterator[str]]] = {
        "tinh-hinh": lambda: _situation(told, report),
        "tuyen-truyen": lambda: _informed(told),
        "kiem-tra": lambda: _inspected(told, report),
        "xu-phat": lambda: _sanctioned(told),
        "tin-bao": lambda: _tips(told),
        "phuong-huong": lambda: _next(told, report),
    }
    target_is_said = _target(told) is not None
    found = {}
    for key in PARTS:
        paragraphs = [*(written[key]() if key in written else ())]
        paragraphs += paragraphs_of(standings, key, but_yearly=target_is_said)
        found[key] = "\n".join(paragraphs)
    return found


def _situation(told: Told, report: str) -> Iterator[str]:
    figures, paused = told.figures, told.count("paused")
    places = told.count("places")
    if not places and not told.count("open"):
        yield f"Tính đến ngày {day(figures.last)}, trên địa bàn {area(figures)}: Không có cơ sở."
        return
    kinds = listed(told.kinds("places"))
    stopped = f"trong đó {number(paused)} cơ sở tạm ngừng" if paused else "không có cơ sở nào tạm ngừng"
    yield (
        f"Tính đến ngày {day(figures.last)}, trên địa bàn {area(figures)} có {told.many('places')} kinh doanh dịch vụ"
        f" thuộc diện kiểm tra (n = {number(places)} tại ngày {day(figures.last)}),"
        f" {stopped}."
    )
    if kinds:
        yield (
            f"Theo loại hình: {kinds}. Cơ sở có từ hai loại hình trở lên được tính ở từng loại hình và tính một lần"
            " trong tổng số."
        )
    yield (
        f"Trong {period(figures, report)} (từ ngày {day(figures.first)} đến hết ngày {day(figures.last)}),"
        f" số cơ sở có hoạt động là {told.compared('open')}."
    )
    if not figures.exact:
        yield (
            "Đơn vị không gồm trọn các xã theo địa giới hành chính áp dụng vào ngày chốt số liệu, nên số liệu là gần"
            " đúng."
        )
    if any(not row.sure and row.cells["open"].value for row in figures.of_units):
        yield "Cơ sở chưa rõ thuộc xã nào đứng ở dòng “Chưa xác định xã” và có trong tổng số."


def _informed(told: Told) -> Iterator[str]:
    if told.count("informed"):
        yield (
            "Số lượt người tại cơ sở được tuyên truyền, phổ biến chính sách, pháp luật khi kiểm tra:"
            f" {told.compared('informed')}."
        )
    else:
        yield f"Chưa có số người được tuyên truyền khi kiểm tra{told.change('informed')}."


def _inspected(told: Told, report: str) -> Iterator[str]:
    if not told.count("open"):
        yield "Không có cơ sở."
    elif told.count("inspected"):
        yield f"Đã kiểm tra {told.share()} có hoạt động trong kỳ{told.change('inspected')}{_share_change(told)}."
    else:
        yield f"Chưa kiểm tra cơ sở nào trong {told.many('open')} có hoạt động trong kỳ{told.change('inspected')}."
    target = _target(told)
    if target:
        yield target
    yield from _communes(told)
    by_kind = [_of_kind(row, told.figures.target) for row in told.figures.of_kinds if row.cells["open"].value]
    if by_kind:
        yield f"Tỷ lệ cơ sở được kiểm tra theo loại hình: {'; '.join(by_kind)}."
    yield from _visits(told)
    yield from _beside(told)


def _communes(told: Told) -> Iterator[str]:
    """Say in how many communes there was an inspection; nothing of a single one."""
    open = [row for row in told.figures.of_units if row.sure and row.cells["open"].value]
    seen = sum(bool(row.cells["inspected"].value) for row in open)
    if len(told.figures.of_units) > 1 and seen:
        yield f"Đã kiểm tra tại {number(seen)}/{number(len(open))} xã, phường, thị trấn có cơ sở hoạt động trong kỳ."


def _of_kind(row: Row, target: int | None) -> str:
    open, inspected = row.cells["open"].value or 0, row.cells["inspected"].value or 0
    if not inspected:
        return f"{row.kind_name} chưa kiểm tra cơ sở nào trong {number(open)} cơ sở"
    return f"{row.kind_name} {share(inspected, open, target)}"


def _share_change(told: Told) -> str:
    cell = told.figures.total.cells["share"]
    if cell.before is None:
        return ""
    return f"; tỷ lệ cùng kỳ năm trước là {percent(cell.before)}"


def _target(told: Told) -> str | None:
    """Say how the year's target stands; nothing where the days do not begin with the year, or there is none."""
    figures, open = told.figures, told.count("open")
    if figures.target is None or not open or not figures.first.endswith("-01-01"):
        return None
    inspected, required = told.count("inspected"), -(-figures.target * open // 100)
    first, last = figures.first[:4], figures.last[:4]
    of = f"năm {last}" if first == last else f"giai đoạn {first}-{last}"
    asked = f"Chỉ tiêu {of} là kiểm tra ít nhất {figures.target} % số cơ sở ({number(required)} cơ sở)"
    if inspected * 100 >= figures.target * open:
        return f"{asked}: đạt chỉ tiêu."
    return f"{asked}: chưa đạt chỉ tiêu, còn phải kiểm tra {number(required - inspected)} cơ sở."


def _visits(told: Told) -> Iterator[str]:
    if not told.count("visits"):
        yield f"Không có lượt kiểm tra nào trong kỳ{told.change('visits')}."
        return
    ways = [("theo kế hoạch", "planned"), ("đột xuất", "unscheduled"), ("kiểm tra lại việc khắc phục", "recheck")]
    visits = listed([(name, told.count(f"visits_{basis}")) for name, basis in ways])
    places = listed([(name, told.count(f"inspected_{basis}")) for name, basis in ways])
    yield f"Số lượt kiểm tra: {told.compared('visits')}; gồm: {visits}."
    if places:
        yield f"Số cơ sở được kiểm tra theo hình thức: {places}."


def _beside(told: Told) -> Iterator[str]:
    if told.count("not_open"):
        yield (
            f"Ngoài ra, có {told.many('not_open')} được kiểm tra nhưng không hoạt động trong kỳ, không tính vào tỷ lệ."
        )
    if told.count("not_counted"):
        yield (
            f"Có {told.many('not_counted')} kiểm tra đã nhận nhưng không tính vào kết quả (chờ hồ sơ liên quan, cần sửa"
            " hoặc thiếu thành phần)."
        )


def _sanctioned(told: Told) -> Iterator[str]:
    if told.count("visits_with_violations"):
        acts = listed([
            (column.heading.lower(), told.count(column.code))
            for column in told.figures.columns if column.code.startswith("violations_")
        ])  # fmt: skip
        yield f"Số cơ sở có vi phạm: {told.compared('violating')}."
        yield f"Số hành vi vi phạm: {told.compared('violations')}" + (f"; theo lĩnh vực: {acts}." if acts else ".")
    elif told.count("visits"):
        yield f"Qua kiểm tra không phát hiện vi phạm{told.change('violating')}."
    yield from _decisions(told)
    yield from _crime(told)
    if told.count("remedies_pending"):
        yield (
            f"Tính đến ngày {day(told.figures.last)}, còn {told.many('remedies_pending')} chưa có ngày thực hiện xong"
            " biện pháp khắc phục hậu quả."
        )
    yield from _repeated(told)


def _decisions(told: Told) -> Iterator[str]:
    if not told.count("decisions"):
        yield f"Không có quyết định xử phạt vi phạm hành chính nào trong kỳ{told.change('decisions')}."
        return
    ways = listed([("cảnh cáo", told.count("warnings")), ("phạt tiền", told.count("fines"))])
    of = f"; gồm: {ways}" if ways else ""
    yield f"Số quyết định xử phạt vi phạm hành chính: {told.compared('decisions')}{of}."
    if told.count("fines"):
        missing = told.count("fines_without_amount")
        noted = f"; chưa có số tiền của {number(missing)} quyết định" if missing else ""
        amount = told.count("fine_amount")
        yield f"Tổng số tiền phạt: {told.compared('fine_amount')}{noted}." if amount else (
            f"Chưa có số tiền phạt của {number(missing)} quyết định phạt tiền."
        )
    if told.count("suspensions"):
        months = told.count("suspension_months")
        yield (
            f"Tước quyền sử dụng giấy phép, đình chỉ hoạt động: {told.compared('suspensions')}"
            f"{f'; tổng số {number(months)} tháng' if months else ''}."
        )


def _crime(told: Told) -> Iterator[str]:
    if not told.count("crime_signs") and not told.count("transferred"):
        yield "Không có vụ việc nào có dấu hiệu tội phạm phải chuyển hồ sơ."
        return
    yield (
        f"Số lượt kiểm tra có dấu hiệu tội phạm: {told.compared('crime_signs')};"
        f" số hồ sơ đã chuyển công an: {told.compared('transferred')}."
    )


def _repeated(told: Told) -> Iterator[str]:
    places, unsure = told.count("repeat_places"), told.count("repeat_unsure")
    if places:
        yield (
            f"Tính đến ngày {day(told.figures.last)}, có căn cứ xác định tái phạm ở {told.many('repeat_places')} của"
            f" {told.many('repeat_operators')}. {TO_CONSULT}"
        )
    else:
        yield f"Không thấy căn cứ tái phạm trong dữ liệu hiện có tính đến ngày {day(told.figures.last)}. {TO_CONSULT}"
    if unsure:
        yield f"Chưa đủ thông tin để xác định tái phạm ở {told.many('repeat_unsure')}."


def _tips(told: Told) -> Iterator[str]:
    received, handled = told.count("tips_received"), told.count("tips_handled")
    if not received:
        yield f"Không tiếp nhận tin báo, tố giác nào trong kỳ{told.change('tips_received')}."
        return
    yield f"Số tin báo, tố giác đã tiếp nhận: {told.compared('tips_received')}."
    in_time = told.count("tips_in_time")
    on_time = f"trong đó {number(in_time)} tin đúng hạn" if in_time else "không có tin nào đúng hạn"
    yield (
        f"Đã giải quyết {number(handled)}/{number(received)} tin ({percent(tenths_of(handled, received))}), {on_time}."
        if handled else "Chưa có tin nào được giải quyết xong."
    )  # fmt: skip
    if received > handled:
        yield f"Còn {number(received - handled)} tin đang được xác minh, giải quyết."


def _next(told: Told, report: str) -> Iterator[str]:
    figures, left = told.figures, told.count("open") - told.count("inspected")
    required = -(-(figures.target or 0) * told.count("open") // 100)
    remaining = max(0, required - told.count("inspected"))
    year = date.fromisoformat(figures.last).year
    if report in ("year", "end_of_period"):
        yield (
            f"Rà soát, chốt danh sách cơ sở; xây dựng kế hoạch kiểm tra năm {year + 1}, ưu tiên"
            f" {many(left, 'cơ sở') if left else 'các cơ sở'} chưa được kiểm tra trong kỳ."
        )
    elif remaining and _target(told):
        yield (
            f"Tiếp tục kiểm tra để đạt chỉ tiêu năm {year}: còn phải kiểm tra {number(remaining)} cơ sở trong số"
            f" {number(left)} cơ sở chưa được kiểm tra."
        )
    elif left:
        yield f"Tiếp tục kiểm tra theo kế hoạch; còn {number(left)} cơ sở chưa được kiểm tra trong kỳ."
    if told.count("remedies_pending"):
        yield (
            f"Đôn đốc thực hiện biện pháp khắc phục hậu quả theo {number(told.count('remedies_pending'))} quyết định"
            " chưa có ngày thực hiện xong."
        )
    open_tips = told.count("tips_received") - told.count("tips_handled")
    if open_tips:
        yield f"Xác minh, giải quyết {number(open_tips)} tin báo, tố giác còn lại."
