"""The catalogue of violations: whose acts, in force when, printed when."""

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from schemas.violations import act_groups, amount_range, catalogue, find, in_force

DAY = timedelta(days=1)
KINDS = {"karaoke", "dance_hall", "massage", "lodging", "other"}

# Acts of a worker, a guest or a passer-by. The law has them; this catalogue never does.
PRIVATE_CODES = ("ND38-15.1", "ND144-24.", "ND144-25.", "ND144-26.", "ND282-8.", "ND282-32", "ND282-33")
PRIVATE_ACTS = (
    "mua dâm",
    "bán dâm",
    "mua, bán",
    "mua bán",
    "khiêu dâm",
    "kích dục",
    "sàm sỡ",
    "môi giới",
    "sử dụng trái phép",
    "tàng trữ",
    "không mặc",
    "không đeo",
    "người lao động",
    "khách",
)


def could_name_a_private_act(row):
    return row.code.startswith(PRIVATE_CODES) or row.name_vi.lower().startswith(PRIVATE_ACTS)


def make_row(**changed):
    return replace(find("ND38-15.6a", date(2022, 1, 1)), **changed)


def test_the_catalogue_has_every_row_of_the_dossier():
    sources = Counter(row.source for row in catalogue())

    assert sources["hồ sơ tổng hợp quy định 22/11/2026"] == 64
    assert "" not in sources


def test_every_act_is_an_operators():
    assert [row.code for row in catalogue() if row.subject != "operator"] == []


def test_no_act_could_be_a_private_persons():
    assert [row.code for row in catalogue() if could_name_a_private_act(row)] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [("ND144-24.1", "Mua dâm"), ("ND38-15.1", "Không đeo biển tên"), ("ND282-X-new", "Bán dâm")],
)
def test_a_private_persons_act_would_be_noticed(code, name):
    assert could_name_a_private_act(make_row(code=code, name_vi=name))


def test_no_code_begins_twice_on_a_day():
    count = Counter((row.code, row.effective_from) for row in catalogue())

    assert [key for key, times in count.items() if times > 1] == []


def test_no_code_has_two_rows_in_force_on_a_day():
    edges = {day for row in catalogue() for day in (row.effective_from, row.effective_to) if day}

    for day in edges:
        count = Counter(row.code for row in in_force(day))
        assert max(count.values(), default=0) <= 1


def test_every_row_is_for_kinds_that_exist_and_says_where_it_stands_in_law():
    for row in catalogue():
        assert row.kinds == ("*",) or set(row.kinds) <= KINDS, row.code
        assert row.citation, row.code
        assert row.mark in {"V", "V-2nd", "UNKNOWN"}, row.code


def test_every_text_is_nfc():
    for row in catalogue():
        for text in (row.code, row.name_vi, row.name_en, row.additional, row.citation):
            assert unicodedata.is_normalized("NFC", text), row.code


def test_an_organisations_amounts_are_twice_a_persons():
    for row in catalogue():
        if row.ind_min is None:
            assert row.ind_max is row.org_min is row.org_max is None, row.code
        else:
            assert row.ind_min < row.ind_max, row.code
            assert (row.org_min, row.org_max) == (2 * row.ind_min, 2 * row.ind_max), row.code


@pytest.mark.parametrize("code", ["ND144-23.4a", "ND144-23.5a", "ND144-27.1", "ND144-27.2"])
def test_decree_144_is_in_force_to_the_day_before_decree_282(code):
    last = date(2025, 12, 14)

    assert find(code, last - DAY).code == code
    assert find(code, last).code == code
    assert find(code, last + DAY) is None


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("ND38-15.5b", date(2021, 6, 1)),
        ("ND144-27.2", date(2022, 1, 1)),
        ("ND106-9.1", date(2025, 7, 1)),
        ("ND282-10-2", date(2025, 12, 15)),
        ("ND283-15.1đ", date(2026, 9, 10)),
    ],
)
def test_a_code_is_not_in_force_before_its_first_day(code, first):
    assert find(code, first - DAY) is None
    assert find(code, first).code == code
    assert find(code, first + DAY).code == code


def test_a_row_without_a_first_day_is_in_force_to_its_last():
    row = make_row(effective_from=None, effective_to=date(2021, 12, 31))

    assert row.in_force_on(date(2004, 1, 1))
    assert row.in_force_on(date(2021, 12, 31))
    assert not row.in_force_on(date(2022, 1, 1))


def test_a_row_whose_date_is_not_certain_is_used_and_says_so():
    row = find("ND144-27.2", date(2023, 5, 1))

    assert not row.effective_from_certain
    assert row in in_force(date(2023, 5, 1))


def test_the_list_of_a_kind_has_its_own_rows_and_those_of_all_kinds():
    codes = {row.code for row in in_force(date(2026, 11, 22), {"lodging"})}

    assert {"ND282-10-2", "ND38-16.4", "ND106-9.1"} <= codes
    assert "ND38-15.5b" not in codes


def test_a_place_of_two_kinds_is_asked_about_both():
    day = date(2026, 11, 22)

    both = set(in_force(day, ("karaoke", "dance_hall")))

    assert both == set(in_force(day, ("karaoke",))) | set(in_force(day, ("dance_hall",)))


def test_without_kinds_the_list_has_every_row_in_force():
    day = date(2026, 11, 22)

    assert set(in_force(day)) == set(in_force(day, KINDS))


def test_a_code_that_does_not_exist_is_not_found():
    assert find("ND38-99", date(2026, 11, 22)) is None


def test_acts_graded_by_degree_are_one_group_and_an_undecided_row_is_in_none():
    groups = {group.id: group for group in act_groups()}

    assert groups["AG-guests-not-notified"].codes == ("ND282-10-2", "ND282-10-3", "ND282-10-4")
    assert len(groups["AG-noise"].codes) == 10
    assert "" not in groups
    assert find("ND282-X-loidung", date(2026, 1, 1)).act_group == ""


def test_a_group_is_confirmed_once_all_its_rows_are():
    rows = {row.code: row for row in catalogue()}

    for group in act_groups():
        assert group.confirmed == all(rows[code].act_group_confirmed for code in group.codes)


def test_every_decided_row_is_in_its_group_once():
    codes = [code for group in act_groups() for code in group.codes]

    assert sorted(codes) == sorted(row.code for row in catalogue() if row.act_group)


@pytest.mark.parametrize("legal_form", ["enterprise", "household", "individual"])
def test_an_amount_that_nobody_confirmed_never_prints(legal_form):
    unconfirmed = [replace(row, confirmed_by="") for row in catalogue()]

    assert {amount_range(row, legal_form) for row in unconfirmed} == {None}


@pytest.mark.parametrize(
    ("legal_form", "household_as", "amounts"),
    [
        ("individual", "", (15_000_000, 20_000_000)),
        ("enterprise", "", (30_000_000, 40_000_000)),
        ("household", "individual", (15_000_000, 20_000_000)),
        ("household", "enterprise", (30_000_000, 40_000_000)),
        ("household", "", None),
        ("household", "household", None),
        ("", "individual", None),
    ],
)
def test_a_confirmed_amount_follows_the_legal_form(legal_form, household_as, amounts):
    row = make_row(confirmed_by="Pháp chế", household_as=household_as)

    assert amount_range(row, legal_form) == amounts


def test_a_confirmed_row_without_amounts_prints_none():
    row = make_row(confirmed_by="Pháp chế", ind_min=None, ind_max=None)

    assert amount_range(row, "individual") is None
