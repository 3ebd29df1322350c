"""The pages say what the code does: every command, option, problem and setting, and an example that computes."""

import importlib
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schemas.items import ENVELOPE, ITEM_LIMIT, KINDS, name_of, read, write
from schemas.register import FIELDS, GROUPS
from server.problems import Problem
from sync.chain import Receipt, Seal, detail_text, link
from sync.engine import check
from sync.enrolment import EnrolmentCode
from sync.judge import Reason, Standing
from sync.wire import (
    BATCH_BYTES,
    BATCH_ITEMS,
    BODY_LIMIT,
    LINES_LIMIT,
    PAGE_LIMIT,
    read_reply,
    receipt_rows,
    rows_hash,
    write_reply,
)

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROGRAMS = {"doi178-server": "server.cli.main", "doi178-field": "field_client.cli.main"}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one that is as high."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,3}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading “{heading}”"
    return found[2]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Walk both programs and yield every command under its full name."""
    for program, module in PROGRAMS.items():
        yield from _below(program, importlib.import_module(module).commands)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for part, child in command.commands.items():
            yield from _below(f"{name} {part}", child)
    else:
        yield name, command


COMMANDS = dict(commands())
each_command = pytest.mark.parametrize("name", COMMANDS)


@each_command
def test_every_command_has_its_place_on_the_page_with_all_its_options(name):
    about = section(page("docs/commands.md"), name)
    if name.startswith("doi178-server import "):
        about += section(page("docs/commands.md"), "doi178-server import inspections")  # where the common options stand
    options = {option for param in COMMANDS[name].params for option in param.opts if option.startswith("--")}

    missing = {option for option in options - {"--data", "--json"} if not re.search(rf"`{option}\b", about)}

    assert missing == set()


def test_the_page_names_no_command_that_is_not_there():
    programs = tuple(f"{program} " for program in PROGRAMS)
    named = {heading for heading in headings(page("docs/commands.md")) if heading.startswith(programs)}

    assert named == set(COMMANDS)


@each_command
def test_every_command_takes_the_common_options(name):
    assert {"--data", "--json"} <= {option for param in COMMANDS[name].params for option in param.opts}


@each_command
def test_every_help_has_a_sentence_and_an_example(name):
    said = COMMANDS[name].help or ""

    assert re.match(r"\S.{10,}[.;]", said), "the first line is a sentence"
    assert re.search(r"Ví dụ:\n.*" + re.escape(name), said, re.DOTALL), "an example shows the command"


@each_command
def test_every_option_says_what_it_is_for(name):
    silent = [param.name for param in COMMANDS[name].params if isinstance(param, click.Option) and not param.help]

    assert silent == []


def problems(root: type[Problem] = Problem) -> set[str]:
    return {root.slug}.union(*(problems(child) for child in root.__subclasses__()))


@pytest.mark.parametrize("slug", sorted(problems()))
def test_every_problem_has_a_heading_with_its_meaning(slug):
    assert len(section(page("docs/problems.md"), slug).strip().splitlines()) >= 2


def test_every_variable_that_is_read_stands_among_the_settings():
    sources = [path for package in ("schemas", "sync", "field_client", "server", "benchmarks", "tests")
               for path in (ROOT / package).rglob("*.py")]  # fmt: skip
    texts = [path.read_text(encoding="utf-8") for path in [*sources, ROOT / "Makefile", ROOT / ".ci" / "run"]]
    used = {name for text in texts for name in re.findall(r"\bDOI178_[A-Z_]+[A-Z]\b", text)}

    assert used <= set(re.findall(r"^\| `(DOI178_\w+)`", page("docs/settings.md"), re.MULTILINE))


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings make."""
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings(text)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_within_the_checkout_leads_somewhere(path):
    prose = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
            lost.append(target)

    assert lost == []


def test_every_page_is_in_the_index_and_every_decision_has_its_four_parts():
    index = page("docs/README.md")

    assert [path.name for path in (ROOT / "docs").glob("*.md") if path.name not in index] == []
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}: "), path.name
        for part in ("Faced", "Chose", "Gave up", "Would change our mind"):
            assert f"**{part}.**" in text, f"{path.name}: {part}"


def test_the_readme_shows_both_commands_and_the_changelog_what_is_coming():
    assert all(command in page("README.md") for command in ("make demo", "make demo ONCE=1", "make test"))
    assert "Unreleased" in headings(page("CHANGELOG.md"))


def sync_page() -> str:
    return page("docs/sync.md")


def example() -> dict[str, str]:
    """Read the worked example of docs/sync.md: a name, spaces, a value."""
    block = re.search(r"^```text example\n(.*?)^```", sync_page(), re.MULTILINE | re.DOTALL)
    assert block, "the worked example is there"
    rows = (re.fullmatch(r"(\S+(?: \d)?) {2,}(.+)", line) for line in block[1].splitlines())
    return {row[1]: row[2] for row in rows if row}


def test_the_lines_of_the_example_are_written_as_we_write_them():
    shown = example()

    for number in "13":
        line = shown[f"line {number}"].encode()
        item = read(line)
        assert write(**{key: getattr(item, key, None) for key in ENVELOPE} | {"salt": json.loads(line)["salt"]}) == line
    assert [name_of(shown[f"line {n}"].encode()) for n in "123"] == [shown[f"name {n}"] for n in "123"]


def test_the_example_computes_from_its_lines_to_its_signature():
    shown = example()
    need = {"needs": [["establishment", read(shown["line 1"].encode()).body["establishment"]]]}
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(shown["private"]))

    new = Receipt(shown["name 1"], 4001, "held", need)
    again = Receipt(shown["name 3"], 17, "accepted", None, "accepted")
    rows = receipt_rows([new, shown["name 2"], again])
    after = link(shown["before"], 4001, shown["name 1"], "held", detail_text(need))
    seal = Seal(shown["lineage"], int(shown["first"]), int(shown["last"]), shown["before"], after, rows_hash(rows))

    assert json.loads(shown["rows"]) == rows
    assert name_of(shown["hashed"].encode()) == shown["after"] == after
    assert name_of(shown["rows"].encode()) == shown["receipts"] == seal.receipts
    assert b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode() == shown["public"]
    assert seal.sign(key) == shown["signature"]


def test_a_client_takes_the_example_as_a_reply():
    shown = example()
    seal = Seal(shown["lineage"], 4001, 4001, shown["before"], shown["after"], shown["receipts"])
    body = write_reply(json.loads(shown["rows"]), seal, shown["signature"], server_time="", safe_to=0)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(shown["private"])).public_key()

    reply = read_reply(body, [shown[f"line {n}"].encode() for n in "123"])

    check(reply, key)
    assert [receipt.item for receipt in reply.receipts] == [shown["name 1"], shown["name 3"]]
    assert reply.unreadable == (shown["name 2"],)


def test_the_enrolment_code_of_the_page_is_one():
    shown = re.search(r"^```text code\n(.*?)^```", sync_page(), re.MULTILINE | re.DOTALL)

    assert shown
    assert EnrolmentCode.parse(shown[1]) == EnrolmentCode("0123456789abcdef", "https://178.example:8178", "ab" * 32)


def test_the_page_names_every_kind_field_standing_and_reason():
    text = sync_page()
    named = set(re.findall(r"`([\w-]+)`", text))

    assert named >= KINDS
    assert named >= {group for groups in GROUPS.values() for group in groups}
    for kind in ("establishment", "operator", "team"):
        assert named >= {field.data_key or name for name, field in FIELDS[kind].fields.items()}
    assert named >= {standing.value for standing in Standing} | {reason.value for reason in Reason}


@pytest.mark.parametrize("limit", [ITEM_LIMIT, BATCH_ITEMS, BATCH_BYTES, BODY_LIMIT, LINES_LIMIT, PAGE_LIMIT])
def test_the_page_says_the_limits_as_they_are(limit):
    assert f"{limit:,}" in section(sync_page(), "14. Limits")
