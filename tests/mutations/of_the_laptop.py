"""Mutants of the laptop: the outbox's one transaction, the draft's, the cursor, what settles what."""

from tests.mutations.mutant import Edit, Mutant

OWN, OUTBOX, MIRROR, RECORDS = (
    "field_client/store/own.py", "field_client/store/outbox.py", "field_client/store/mirror.py",
    "field_client/records.py",
)  # fmt: skip
AGAIN = 'conn.execute("COMMIT")\n{0}conn.execute("BEGIN IMMEDIATE")\n{0}'.format
CUT = "tests/field_client/test_cut_anywhere.py::"

MUTANTS = (
    Mutant(
        "item-before-outbox", "own: an item is kept in one transaction and put in the outbox in another",
        (Edit(OWN, "INSERT INTO own (name, kind, id, base, run, device_seq, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
              "INSERT INTO own (name, kind, id, base, run, device_seq, line, waiting) VALUES (?, ?, ?, ?, ?, ?, ?, 0)"),
         Edit(OWN, '    put_meta(conn, "device_seq", device_seq)\n',
              f'    {AGAIN("    ")}conn.execute("UPDATE own SET waiting = 1 WHERE name = ?", (name,))\n'
              '    put_meta(conn, "device_seq", device_seq)\n')),
        (CUT + "test_killed_anywhere_while_finishing_it_is_kept_and_queued_or_still_a_draft",),
    ),
    Mutant(
        "draft-deleted-later", "records: an item is kept in one transaction, and its draft goes in another",
        (Edit(RECORDS, '        conn.execute("DELETE FROM drafts WHERE id = ?", (id,))\n    return Kept',
              f'        {AGAIN("        ")}conn.execute("DELETE FROM drafts WHERE id = ?", (id,))\n    return Kept'),),
        (CUT + "test_killed_anywhere_while_finishing_it_is_kept_and_queued_or_still_a_draft",), seeds=200,
    ),
    Mutant(
        "draft-deleted-first", "records: a draft goes in one transaction, and its item is kept in another",
        (Edit(RECORDS, "        found = visits.revisions(conn, id)\n        before",
              f'        conn.execute("DELETE FROM drafts WHERE id = ?", (id,))\n        {AGAIN("        ")}'
              "found = visits.revisions(conn, id)\n        before"),),
        (CUT + "test_killed_anywhere_while_finishing_it_is_kept_and_queued_or_still_a_draft",),
    ),
    Mutant(
        "draft-files-later", "records: an item is kept in one transaction, and its photos are queued in another",
        (Edit(RECORDS, "        draft_files.become_attachments(conn",
              f'        {AGAIN("        ")}draft_files.become_attachments(conn'),),
        ("tests/field_client/test_draft_files.py::"
         "test_killed_anywhere_while_finishing_the_files_are_the_draft_s_or_the_visit_s",),
    ),
    Mutant(
        "number-drawn-before", "own: the number of an item is drawn in a transaction of its own",
        (Edit(OWN, '    name = name_of(line)\n',
              '    put_meta(conn, "device_seq", device_seq)\n'
              f'    {AGAIN("    ")}name = name_of(line)\n'),),
        (CUT + "test_killed_anywhere_while_finishing_it_is_kept_and_queued_or_still_a_draft",),
    ),
    Mutant(
        "double-tap-kept-twice", "records: the same visit recorded again is another revision",
        (Edit(RECORDS, "_recorded_before(found, visit) or _write(", "_write("),),
        ("tests/field_client/test_records.py::test_recorded_twice_it_is_one",),
    ),
    Mutant(
        "cursor-first", "mirror: the cursor is kept in one transaction, and its page in another",
        (Edit(MIRROR, "            self._same_history(conn, page)\n",
              "            self._same_history(conn, page)\n"
              '            put_meta(conn, "cursor", page.cursor)\n'
              f"            {AGAIN('            ')}\n"),),
        (CUT + "test_killed_anywhere_while_fetching_the_next_fetch_brings_the_rest",),
    ),
    Mutant(
        "cursor-back", "mirror: an old page taken again moves the cursor back",
        (Edit(MIRROR, "return Cursor.parse(given).pos >= Cursor.parse(held).pos", "return bool(given)"),),
        ("tests/field_client/test_mirror.py::test_an_old_page_does_not_move_the_copy_back",),
    ),
    Mutant(
        "older-row-taken", "mirror: an old page taken again overwrites what came later",
        (Edit(MIRROR, "if change.pos > held.get(key, -1)}", "if change.pos > -1}"),),
        ("tests/field_client/test_mirror.py::test_a_row_is_taken_only_when_its_position_is_higher",),
    ),
    Mutant(
        "unsent-settled", "outbox: a reply settles whatever waits, not only what was sent",
        (Edit(OUTBOX, "WHERE name = ? AND (waiting = 1 OR seq IS NULL)",
              "WHERE (name = ? AND (waiting = 1 OR seq IS NULL)) OR (waiting = 1 AND seq IS NULL)"),),
        ("tests/field_client/test_syncing.py::test_what_is_recorded_during_a_sync_is_not_lost",),
    ),
    Mutant(
        "settled-by-halves", "outbox: an item leaves the outbox in one transaction, and its receipt is kept in another",
        (Edit(OUTBOX, "            proof = _keep_proof(conn, reply)\n",
              "            conn.executemany("
              '"UPDATE own SET waiting = 0 WHERE name = ?", [(one.item,) for one in reply.receipts])\n'
              f"            {AGAIN('            ')}proof = _keep_proof(conn, reply)\n"),),
        (CUT + "test_killed_anywhere_in_a_sync_what_has_no_receipt_goes_on_waiting",),
    ),
    Mutant(
        "present-ignored", "outbox: a repeat is shown as it stood when it first came",
        (Edit(OUTBOX, "receipt.seq, receipt.present or receipt.standing,", "receipt.seq, receipt.standing,"),),
        ("tests/field_client/test_syncing.py::test_a_held_visit_whose_answer_was_lost_is_shown_as_it_stands_now",),
    ),
)  # fmt: skip
