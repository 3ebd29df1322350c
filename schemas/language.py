"""The two languages: what is said in Vietnamese, and the one English catalogue of both ends.

Sentences of pages go through gettext. Those of the library are plain Vietnamese, also in what is stored and
sent; `english` finds them in the same catalogue when they are shown, whatever was filled into their blanks.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.mofile import read_mo

from schemas.checklists import checklist
from schemas.duties import rows
from schemas.violations import catalogue
from schemas.visit_rules import child_protection, rules

LANGUAGE = "doi178-language"  # the cookie that keeps what was chosen
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
TRANSLATIONS = Path(__file__).parent / "translations"
BLANK = re.compile(r"\{\w*\}")
_MOST_TOGETHER = 4  # parts of a value that are tried as one
_FEW = 10  # letters; a template that says less of its own would fit much that people type
_FIGURES = re.compile(r"[\dA-ZĐ/.,:%\s-]*")


def language(asked: str | None) -> str:
    """Return the language that was asked for, Vietnamese unless it is one of ours."""
    return asked if asked in LANGUAGES else "vi"


@lru_cache(maxsize=4096)
def english(said: str) -> str:
    """Return a sentence of the library, or a text of the legal catalogues, in English; any other text as it is."""
    return _Recogniser.packaged()(said)


def english_parts(said: str) -> str:
    """Return a value that was put together with commas in English: as a whole if it is known, else part by part.

    What is known may have commas of its own: of the parts that follow each other, as many as are known together
    are said together.
    """
    parts, found, at = said.split(", "), [], 0
    while at < len(parts):
        together = range(len(parts) if at == 0 else min(at + _MOST_TOGETHER, len(parts)), at, -1)
        until, meant = next(((end, meant) for end in together if (meant := english(whole := ", ".join(parts[at:end])))
                             != whole), (at + 1, parts[at]))  # fmt: skip
        found.append(meant)
        at = until
    return ", ".join(found)


class _Recogniser:
    """Knows a sentence again, by itself or by the template that it was filled into."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        blanks = [(_pattern(said), said, meant) for said, meant in known.items() if BLANK.search(said)]
        # What says most in its own words is tried first; its longest run of them tells most sentences apart.
        blanks.sort(key=lambda one: -len(BLANK.sub("", one[1])))
        self._templates = [(max(BLANK.split(said), key=len), pattern, meant) for pattern, said, meant in blanks]

    @staticmethod
    @cache
    def packaged() -> "_Recogniser":
        """Return the one that knows the packaged catalogue."""
        return _Recogniser(_messages() | _legal_texts())

    def __call__(self, said: str) -> str:
        if said in self._known:
            return self._known[said]
        for words, pattern, meant in self._templates:
            if words in said and (found := pattern.fullmatch(said)) and self._may_be(words, found.groups()):
                return BLANK.sub(self._fill(found.groupdict()), meant)
        return said

    def _may_be(self, words: str, given: tuple[str, ...]) -> bool:
        """Say whether a template of few words fits: only figures, or words of ours, may stand in its blanks."""
        return len(words) >= _FEW or all(one in self._known or _FIGURES.fullmatch(one) for one in given)

    def _fill(self, given: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
        """What stands in quotation marks was typed by someone and stays; what else fills a blank may be ours."""

        def fill(blank: re.Match[str]) -> str:
            value = given[_name(blank[0])]
            quoted = blank.string[: blank.start()].endswith("“")
            return value if quoted else self(value)

        return fill


def _pattern(said: str) -> re.Pattern[str]:
    """Return what matches *said* with anything in its blanks."""
    seen: set[str] = set()

    def group(blank: str) -> str:
        name = _name(blank)
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.*?)"

    parts = re.split(rf"({BLANK.pattern})", said)
    return re.compile("".join(group(part) if BLANK.fullmatch(part) else re.escape(part) for part in parts), re.DOTALL)


def _name(blank: str) -> str:
    return f"_{blank[1:-1]}"


def _messages() -> dict[str, str]:
    path = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.mo"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_mo(file) if message.id}


def _legal_texts() -> dict[str, str]:
    items = {item.text_vi: item.text_en for item in checklist()} | {act.name_vi: act.name_en for act in catalogue()}
    return items | {row.words: row.words_en for row in rows()} | child_protection().english | _rules()


def _rules() -> dict[str, str]:
    """Return what rules of a visit say, with blanks as the library writes them."""
    return {_braces(rule.words): _braces(rule.words_en) for rule in rules().values()}


def _braces(said: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"{\1}", said)
