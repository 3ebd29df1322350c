"""The checklist: every item of the dossier, worded about papers, rooms and counts."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from schemas.checklists import Answer, AnswerType, block_versions, checklist, items_for, versions
from schemas.violations import catalogue

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
BLOCKS = {"COM": 24, "KAR": 16, "VTR": 15, "MAS": 15, "LUU": 12, "KHA": 4}
BLOCK_KINDS = {
    "COM": ("*",),
    "KAR": ("karaoke",),
    "VTR": ("dance_hall",),
    "MAS": ("massage",),
    "LUU": ("lodging",),
    "KHA": ("other",),
}

# An illness, an addiction, a record or a suspicion about a person; words that disgrace.
FORBIDDEN_VI = (
    "đối tượng|tụ điểm|nghi vấn|nghi|nhạy cảm|phức tạp|gái|tiếp viên|hiv|aids|bệnh|nhiễm|nghiện|cai|"
    "xét nghiệm|dương tính|âm tính|điều trị|sức khỏe sinh sản|tiền án|tiền sự|lý lịch|danh tính|họ tên|"
    "họ và tên|năm sinh|số cccd|số cmnd|dân tộc|giới tính|xu hướng tình dục|người bán dâm|người mua dâm"
)
FORBIDDEN_EN = (
    "hiv|aids|sti|stis|std|illness|ill|disease|diseased|infection|infected|sick|addict|addicts|addiction|"
    "addicted|patient|patients|treatment|test result|test results|diagnosis|positive|negative|suspect|"
    "suspects|suspicion|suspicious|suspected|criminal record|convictions|ethnicity|gender|"
    "prostitute|prostitutes|sex worker|sex workers|buyer|buyers|seller|sellers|name of|names of"
)
# A hospital is a place: a dance hall keeps its distance from it.
HARMLESS = re.compile(r"\bbệnh viện\b", re.IGNORECASE)


def says_what_it_must_not(text):
    words = re.compile(rf"\b(?:{FORBIDDEN_VI}|{FORBIDDEN_EN})\b", re.IGNORECASE)
    return words.search(HARMLESS.sub("", unicodedata.normalize("NFC", text)))


def make_item(**changed):
    return replace(checklist()[0], **changed)


def test_every_item_of_the_dossier_is_there_once_and_in_order():
    codes = [item.code for item in checklist()]

    assert codes == [f"{block}-{n:02}" for block, last in BLOCKS.items() for n in range(1, last + 1)]


def test_every_item_is_in_the_block_of_its_code_and_its_kind():
    for item in checklist():
        assert item.block == item.code[:3]
        assert item.kinds == BLOCK_KINDS[item.block], item.code


def test_every_item_has_its_words_in_both_languages_a_citation_and_a_mark():
    for item in checklist():
        assert item.text_vi, item.code
        assert item.text_en, item.code
        assert item.citation, item.code
        assert item.source_mark in {"V", "V-2nd", "GK", "INF"}, item.code


def test_every_text_is_nfc():
    for item in checklist():
        for text in (item.text_vi, item.text_en, item.citation, *item.violations):
            assert unicodedata.is_normalized("NFC", text), item.code


def test_no_item_names_an_illness_an_addiction_or_a_record_about_a_person():
    for item in checklist():
        assert not says_what_it_must_not(item.text_vi), item.code
        assert not says_what_it_must_not(item.text_en), item.code


@pytest.mark.parametrize(
    "text",
    [
        "Danh sách người nghiện",
        "Báo ngay khi nghi ma túy",
        "Kết quả xét nghiệm của người lao động",
        "Đối tượng có tiền án",
        "Người mắc bệnh da liễu",
        "Report suspicious guests",
        "HIV status of workers",
    ],
)
def test_a_forbidden_word_would_be_noticed(text):
    assert says_what_it_must_not(text)


def test_a_hospital_may_be_named():
    assert not says_what_it_must_not("Cách bệnh viện 200 m")


def test_what_touches_health_is_only_a_date_or_a_count():
    about_health = {item.code: item.answer_type for item in checklist() if "sức khỏe" in item.text_vi}

    assert about_health == {"COM-15": AnswerType.MARK_DATE, "MAS-07": AnswerType.MARK_COUNT}


def test_an_item_that_asks_for_a_count_or_a_date_says_so_in_its_words():
    for item in checklist():
        if item.answer_type is not AnswerType.MARK:
            assert "chỉ ghi" in item.text_vi, item.code
            assert "only" in item.text_en, item.code


def test_the_uncertain_health_conditions_of_massage_are_advisory_and_lead_to_no_violation():
    advisory = {item.code for item in checklist() if item.advisory}

    assert advisory == {f"MAS-{n:02}" for n in range(6, 16)}
    assert not any(item.violations for item in checklist() if item.advisory)


def test_every_linked_code_is_in_the_catalogue_and_for_the_same_kinds():
    rows = {row.code: row for row in catalogue()}

    for item in checklist():
        assert len(set(item.violations)) == len(item.violations), item.code
        for code in item.violations:
            assert code in rows, (item.code, code)
            assert "*" in item.kinds or rows[code].applies_to(item.kinds), (item.code, code)


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("KAR-03", {"ND38-15.6a"}),
        ("KAR-04", {"ND38-15.6b"}),
        ("KAR-05", {"ND38-15.6c"}),
        ("KAR-06", {"ND38-15.5b"}),
        ("VTR-04", {"ND38-15.6b", "ND38-15.6c"}),
        ("VTR-07", {"ND38-15.5a"}),
        ("LUU-05", {"ND282-10-2", "ND282-10-3", "ND282-10-4"}),
        ("COM-19", {"ND106-17.3", "ND106-17.4a"}),
    ],
)
def test_an_item_links_to_the_act_that_breaks_it(item, codes):
    links = {found.code: set(found.violations) for found in checklist()}

    assert links[item] == codes


def test_a_karaoke_is_asked_the_common_block_and_then_its_own():
    blocks = [item.block for item in items_for(("karaoke",), TODAY)]

    assert list(dict.fromkeys(blocks)) == ["COM", "KAR"]
    assert Counter(blocks) == {"COM": 24, "KAR": 16}


def test_a_place_of_two_kinds_is_asked_both_blocks_and_the_common_one_once():
    count = Counter(item.block for item in items_for(("lodging", "massage"), TODAY))

    assert count == {"COM": 24, "MAS": 15, "LUU": 12}


def test_a_place_of_no_known_kind_is_asked_the_common_block():
    assert {item.block for item in items_for((), TODAY)} == {"COM"}


def test_an_item_without_a_first_day_is_for_the_oldest_visits_too():
    item = make_item(valid_from=None, valid_to=None)

    assert item.valid_on(date(2021, 1, 1))
    assert not item.valid_from_certain


def test_an_item_is_asked_from_its_first_to_its_last_day():
    first, last = date(2024, 2, 29), date(2025, 6, 30)

    item = make_item(valid_from=first, valid_to=last)

    assert [item.valid_on(day) for day in (first - DAY, first, first + DAY)] == [False, True, True]
    assert [item.valid_on(day) for day in (last - DAY, last, last + DAY)] == [True, True, False]


def test_the_versions_name_the_blocks_that_were_asked():
    assert versions(("karaoke", "other"), TODAY) == {"COM": 1, "KAR": 1, "KHA": 1}


def test_a_block_has_the_version_of_its_newest_item_that_day():
    change = date(2027, 3, 1)
    before = make_item(code="KAR-03", block="KAR", valid_to=change - DAY)
    after = replace(before, version=2, valid_from=change, valid_to=None)
    kept = make_item(code="KAR-04", block="KAR")
    items = [before, after, kept]

    def asked_on(day):
        return block_versions(item for item in items if item.valid_on(day))

    assert asked_on(change - DAY) == {"KAR": 1}
    assert asked_on(change) == {"KAR": 2}


def test_an_answer_has_its_words():
    assert {str(answer): answer.label for answer in Answer} == {
        "pass": "Đạt",
        "fail": "Không đạt",
        "na": "Không áp dụng",
        "unchecked": "Chưa kiểm tra",
    }
