"""What is wrong in a decision between its fields, in words that say what to look at again."""

from schemas.register import State
from schemas.violations import Catalogue

_AFTER = {
    "delivered_on": "Ngày giao ở trước ngày quyết định; xem lại hai ngày.",
    "main_done_on": "Ngày chấp hành xong ở trước ngày quyết định; xem lại hai ngày.",
    "additional_done_on": "Ngày chấp hành xong ở trước ngày quyết định; xem lại hai ngày.",
    "remedies_done_on": "Ngày chấp hành xong ở trước ngày quyết định; xem lại hai ngày.",
    "suspension_to": "Ngày cuối đình chỉ ở trước ngày quyết định; xem lại hai ngày.",
    "cancelled_on": "Ngày hủy ở trước ngày quyết định; xem lại hai ngày.",
    "complaint_from": "Ngày khiếu nại ở trước ngày quyết định; xem lại hai ngày.",
    "evasion_from": "Ngày trốn tránh ở trước ngày quyết định; xem lại hai ngày.",
}


def problems(state: State, catalogue: Catalogue) -> dict[str, str]:
    """Return what is wrong in a decision, by field; empty when nothing is."""
    found: dict[str, str] = {}
    decided = state.get("decided_on") or ""
    for field, sentence in _AFTER.items():
        said = state.get(field)
        if said and said != "no" and said < decided:
            found[field] = sentence
    if state.get("committed_on") and state["committed_on"] > decided:
        found["committed_on"] = "Ngày vi phạm ở sau ngày quyết định; xem lại hai ngày."
    if state.get("evasion_to") and state["evasion_to"] < (state.get("evasion_from") or decided):
        found["evasion_to"] = "Ngày hết trốn tránh ở trước ngày bắt đầu; xem lại hai ngày."
    return found | _codes(state, catalogue)


def _codes(state: State, catalogue: Catalogue) -> dict[str, str]:
    unknown = [code for code in state.get("codes") or () if not catalogue.find_code(code)]
    if unknown:
        return {"codes": f"Không có mã hành vi {unknown[0]} trong danh mục; xem lại mã."}
    strange = sorted(set(state.get("sanctions") or ()) - set(state.get("codes") or ()))
    if strange:
        return {"sanctions": f"Hành vi {strange[0]} không có trong codes; ghi cùng một mã ở cả hai mục."}
    return {}


def codes(written: str, catalogue: Catalogue) -> list[str]:
    """Read codes with spaces, commas or semicolons between; one that the catalogue does not know stays as it is."""
    parts = written.replace(";", " ").replace(",", " ").split()
    return list(dict.fromkeys(catalogue.find_code(part) or part for part in parts))


def sanctions(written: str, catalogue: Catalogue) -> dict[str, str]:
    """Read what was decided of each act: CODE=fine; CODE=warning."""
    pairs = (part.partition("=") for part in written.replace(",", ";").split(";") if part.strip())
    return {catalogue.find_code(code.strip()) or code.strip(): said.strip() for code, _, said in pairs}
