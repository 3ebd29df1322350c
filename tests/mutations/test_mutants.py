"""The mutation check stays alive: every mutant fits today's source, and the check tells a caught one from another."""

from pathlib import Path

import pytest

from tests.mutations.__main__ import MUTANTS
from tests.mutations.mutant import Edit, Mutant, Stale
from tests.mutations.trial import ROOT, try_mutant

pytestmark = pytest.mark.timeout(600)
JUDGE = "tests/sync/test_judge.py::test_a_visit_stands_where_the_rule_says"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_still_fits_the_source_and_names_tests_that_are_there(mutant, tmp_path):
    for edit in mutant.edits:
        copy = tmp_path / edit.file
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((ROOT / edit.file).read_bytes())
        edit.apply(tmp_path)
        compile(copy.read_text(encoding="utf-8"), edit.file, "exec")
    for test in mutant.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_the_mutants_have_names_of_their_own():
    names = [mutant.name for mutant in MUTANTS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["conflict-accepted", "item-before-outbox"])
def test_a_broken_promise_is_noticed_by_the_named_tests_and_by_a_seed(name, tmp_path):
    mutant = next(one for one in MUTANTS if one.name == name)

    verdict = try_mutant(mutant, tmp_path)

    assert verdict.caught(mutant), verdict.said


def test_what_breaks_nothing_is_not_said_to_be_caught(tmp_path):
    edit = Edit("sync/judge.py", "Decide where an arriving", "Say where an arriving")
    harmless = Mutant("harmless", "nothing", (edit,), (JUDGE,), seeds=1)

    verdict = try_mutant(harmless, tmp_path)

    assert (verdict.unnoticed_by, verdict.seed) == ((JUDGE,), None)
    assert not verdict.caught(harmless)


def test_a_mutant_whose_text_has_changed_says_so(tmp_path: Path):
    (tmp_path / "a.py").write_text("one\none\n")

    for text in ("two", "one"):
        with pytest.raises(Stale, match=r"a\.py"):
            Edit("a.py", text, "three").apply(tmp_path)
