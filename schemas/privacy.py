"""What in a note looks like data about a person: said calmly beside the field, and never a reason not to save.

We keep records of businesses: workers and guests are counted, never named, and nobody's health is written down.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from schemas.text import fold, nfc


class Personal(StrEnum):
    """What a text seems to hold."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    HEALTH = "health"
    PERSON = "person"


@dataclass(frozen=True)
class Warned:
    """One place in a text that deserves a second look: what it seems to be, and the words themselves."""

    what: Personal
    text: str

    @property
    def label(self) -> str:
        """What to do, in the words of the screen."""
        return _LABELS[self.what].format(text=self.text)


_LABELS = {
    Personal.ID_NUMBER: "“{text}” có vẻ là số giấy tờ tùy thân; xóa đi, chỉ ghi số lượng.",
    Personal.PHONE: "“{text}” có vẻ là số điện thoại của một người; xóa đi nếu không phải số của cơ sở.",
    Personal.HEALTH: "“{text}” có vẻ là thông tin sức khỏe; xóa đi, chỉ ghi đã hoặc chưa khám và ngày khám.",
    Personal.PERSON: "“{text}” có vẻ là tên người lao động hoặc khách; xóa tên, chỉ ghi số lượng.",
}

# Sums of money have dots between the thousands; identity papers are written without, or with spaces.
_DIGITS = re.compile(r"(?<![\w.,/-])(?:\d{12}|\d{9}|\d{3}(?: \d{3}){2,3})(?![\w/-]|[.,]\d|\s*(?:đồng|đ\b|VND))")
_PHONE = re.compile(r"(?<![\w/-])(?:\+84|0)[ .-]?(?:[35789](?:[ .-]?\d){8}|2(?:[ .-]?\d){9})(?![\w/-])")
_HEALTH = re.compile(
    r"\b(?:hiv|aids|giang mai|benh lau|nhiem lau|viem gan|sui mao ga|lay truyen qua duong tinh duc"
    r"|duong tinh|am tinh|ket qua (?:xet nghiem|kham)|nhiem benh|mang thai|nghien ma tuy)\b"
)
_ROLE = r"(?:[Nn]hân viên|[Nn]gười lao động|[Ll]ao động|[Tt]iếp viên|[Kk]hách hàng|[Kk]hách|[Nn]ữ|[Cc]hị|[Cc]háu|[Ee]m)"
_CAPITAL = r"[A-ZÀ-ỸĐ][a-zà-ỹđ]*\b"
_PERSON = re.compile(rf"\b{_ROLE}(?: (?:nữ|nam|tên|là|hát|phục vụ))*:? {_CAPITAL}(?: {_CAPITAL})+")


def warnings(text: str) -> list[Warned]:
    """Return what in *text* looks like data about a person, in the order of the text; each thing once."""
    text = nfc(text)
    found = [(match.start(), Warned(Personal.PHONE, match[0])) for match in _PHONE.finditer(text)]
    phones = [range(at, at + len(one.text)) for at, one in found]
    found += [
        (match.start(), Warned(Personal.ID_NUMBER, match[0]))
        for match in _DIGITS.finditer(text)
        if not any(match.start() in phone for phone in phones)
    ]
    found += [(match.start(), Warned(Personal.PERSON, match[0])) for match in _PERSON.finditer(text)]
    found += _health(text)
    return list(dict.fromkeys(one for _, one in sorted(found, key=lambda pair: pair[0])))


_TELLER = r"(?:[Nn]gười (?:báo tin|báo|tố giác|tố cáo|cung cấp tin|phản ánh|gửi đơn|viết đơn|gọi)|[Nn]guồn tin)"
_INFORMER = re.compile(
    rf"(?:\b{_TELLER}(?:,? (?:là|tên|do|từ))*:? (?:(?:ông|bà|anh|chị|em|cô|chú) )?{_CAPITAL}(?: {_CAPITAL})+"
    rf"|\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Cc]háu) {_CAPITAL}(?: {_CAPITAL})*)"
)


def informer(text: str) -> list[str]:
    """Return what to do about each name in *text* that may be of who told of something; each name once."""
    found = dict.fromkeys(match[0] for match in _INFORMER.finditer(nfc(text)))
    return [f"“{name}” có vẻ là tên người báo tin hoặc tên một người; xóa đi, chỉ ghi về cơ sở." for name in found]


COVER = "[đã che]"


def covered(text: str) -> str:
    """Return *text* with the words that `warnings` finds covered; what is left gives no warning."""
    text = nfc(text)
    while found := warnings(text):
        for one in found:
            text = text.replace(one.text, COVER)
    return text


def _health(text: str) -> list[tuple[int, Warned]]:
    """Look for words of health whatever their marks; the text is folded letter by letter, so that places agree."""
    plain = "".join(fold(letter) or " " for letter in text)
    if len(plain) != len(text):
        return []
    return [
        (match.start(), Warned(Personal.HEALTH, text[match.start() : match.end()]))
        for match in _HEALTH.finditer(plain)
    ]
