"""Mutants of what makes a laptop safe to lose: pieces in their places, the key before what it closes, the lock."""

from tests.mutations.mutant import Edit, Mutant

VAULT = "tests/field_client/vault/"
LOCK = "tests/field_client/pages/test_lock.py::"

OLDER, OFFICE = "field_client/vault/older.py", "field_client/vault/office.py"

MUTANTS = (
    Mutant(
        "pieces-without-place", "box: a piece of a file may stand where another one stood",
        (Edit("field_client/vault/box.py", 'number.to_bytes(11, "big") + (b"\\1" if number == pieces - 1 else b"\\0")',
              "bytes(12)"),),
        (VAULT + "test_box.py::test_what_was_changed_or_cut_is_never_read_as_whole",), seeds=0,
    ),
    Mutant(
        "plain-given-up-first", "older: the plain database goes before its closed copy was compared with it",
        (Edit(OLDER, '        yield "copied"\n', '        path.unlink()\n        yield "copied"\n'),),
        (VAULT + "test_older.py::test_killed_between_any_two_steps_it_goes_on_and_loses_nothing",), seeds=0,
    ),
    Mutant(
        "fetched-by-itself-counts", "access: what a page fetches by itself keeps the laptop open",
        (Edit("field_client/pages/access.py", "    if _somebody_is_there():\n", "    if True:\n"),),
        (LOCK + "test_what_a_page_fetches_by_itself_is_no_sign_of_a_person",), seeds=0,
    ),
    Mutant(
        "answer-for-ever", "office: the data key is not wrapped anew once it was answered for",
        (Edit(OFFICE, "    keys.wrap_for_office(settings.vault, key, vault.recovery.recipient)\n    return key",
              "    return key"),),
        ("tests/field_client/pages/test_protection.py::"
         "test_a_forgotten_passphrase_is_replaced_by_the_answer_of_two_people",), seeds=0,
    ),
)  # fmt: skip
