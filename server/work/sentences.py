"""What a return says of the work of the year, in whole sentences of a paper: Vietnamese, whatever the screen speaks."""

from collections.abc import Iterator
from datetime import date

from schemas.work import Decided, Renewal, TaskStanding
from server.work.model import Work, YearTask

PART = "viec-trong-nam"
NAMED = 5  # tasks that are named; more would be a list, which the annex is


def sentences(work: Work) -> tuple[str, ...]:
    """Return the sentences of the part `viec-trong-nam`, each whole by itself; nothing is said of what is not there."""
    return (*_january_plan(work), *_renewal(work), *_tasks(work), *_inspections(work), *_reviews(work),
            *_proposals(work))  # fmt: skip


def _january_plan(work: Work) -> Iterator[str]:
    for task in (one for one in work.tasks if one.special == "january_plan"):
        if task.standing is TaskStanding.DONE:
            yield f"Kế hoạch năm {work.year} đã được ban hành{_by(task)}."
        elif task.standing is TaskStanding.NOT_DONE:
            yield f"Kế hoạch năm {work.year} không xây dựng riêng: {task.reason.rstrip('.')}."
        else:
            yield f"Kế hoạch năm {work.year} chưa được ban hành (hạn: hết ngày {_day(task.due)})."


def _by(task: YearTask) -> str:
    body = f" của {task.paper_body}" if task.paper_body else ""
    day = f" ngày {_day(task.paper_on)}" if task.paper_on else ""
    return f" (số {task.paper_number}{day}{body})" if task.paper_number else f" ngày {_day(task.on)}" if task.on else ""


def _renewal(work: Work) -> Iterator[str]:
    if not work.teams:
        return
    said = [one.standing for one in work.teams]
    in_time, late, holds, left = (said.count(one) for one in (Renewal.RENEWED, Renewal.LATE, Renewal.HOLDS,
                                                             Renewal.NOT_YET))  # fmt: skip
    text = f"Trong {_n(len(said))} đoàn, đội kiểm tra liên ngành, {_n(in_time)} được kiện toàn trong quý I"
    text += f", {_n(late)} được kiện toàn sau quý I" if late else ""
    text += f", {_n(holds)} có quyết định còn hiệu lực đến hết năm" if holds else ""
    yield text + (f", {_n(left)} chưa được kiện toàn." if left else ".")


def _tasks(work: Work) -> Iterator[str]:
    others = [one for one in work.tasks if not one.special]
    if not others:
        return
    count = {one: sum(task.standing is one for task in others) for one in TaskStanding}
    text = f"Trong {_n(len(others))} nhiệm vụ theo kế hoạch, {_n(count[TaskStanding.DONE])} đã xong,"
    text += f" {_n(count[TaskStanding.DOING])} đang làm, {_n(count[TaskStanding.TO_DO])} chưa làm"
    dropped = count[TaskStanding.NOT_DONE]
    yield text + (f", {_n(dropped)} không làm (có lý do)." if dropped else ".")
    late = [one.name for one in work.tasks if one.overdue]
    if late:
        more = f" và {_n(len(late) - NAMED)} nhiệm vụ khác" if len(late) > NAMED else ""
        yield f"Quá hạn: {'; '.join(late[:NAMED])}{more}."


def _inspections(work: Work) -> Iterator[str]:
    found = [one for one in work.inspections if not one.void]
    if not found:
        if work.asked:
            yield f"Chưa kiểm tra công tác của xã nào trong năm {work.year}."
        return
    text = f"Đã kiểm tra công tác của {_n(len({one.unit for one in found}))} đơn vị ({_n(len(found))} lượt)"
    if work.communes > 1:
        text += f", trong đó {_n(work.inspected)}/{work.communes} xã"
    asked = next((one.percent for one in work.asked if one.percent), None)
    yield text + (f"; kế hoạch yêu cầu ít nhất {asked} % số xã." if asked else ".")
    mended, open_ = sum(bool(one.mended_on) for one in found), sum(one.open for one in found)
    if mended or open_:
        late = sum(one.overdue for one in found)
        yield (f"Sau kiểm tra, {_n(mended)} lượt đã khắc phục xong, {_n(open_)} lượt còn phải khắc phục"
               + (f", trong đó {_n(late)} lượt quá hạn." if late else "."))  # fmt: skip


def _reviews(work: Work) -> Iterator[str]:
    if not work.reviews:
        return
    if len(work.reviews) == 1:
        one = work.reviews[0]
        yield (f"Danh sách cơ sở đã được rà soát, chốt ngày {_day(one.on)}." if one.on
               else f"Danh sách cơ sở năm {work.year} chưa được chốt.")  # fmt: skip
    else:
        yield f"{_n(work.reviewed)}/{len(work.reviews)} xã đã rà soát, chốt danh sách cơ sở năm {work.year}."
    new, closed, merged, changed = (sum(getattr(one, name) for one in work.reviews)
                                    for name in ("new", "closed", "merged", "changed"))  # fmt: skip
    text = f"Qua rà soát: {_n(new)} cơ sở đưa vào danh sách, {_n(closed)} cơ sở tạm ngừng hoặc ngừng hoạt động"
    text += f", {_n(merged)} hồ sơ trùng được gộp" if merged else ""
    yield f"{text}, {_n(changed)} cơ sở sửa thông tin."


def _proposals(work: Work) -> Iterator[str]:
    if work.proposals:
        said = [one.standing for one in work.proposals]
        yield (f"Các xã có {_n(len(said))} kiến nghị sau rà soát: {_n(said.count(Decided.AGREED))} được đồng ý,"
               f" {_n(said.count(Decided.REFUSED))} không đồng ý, {_n(said.count(Decided.PROPOSED))} chờ trả lời."
               )  # fmt: skip


def _n(count: int) -> str:
    """Write a number as papers do: 05, 1.234."""
    return f"{count:02d}" if count < 1000 else f"{count:,}".replace(",", ".")


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""
