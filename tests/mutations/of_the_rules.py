"""Mutants of what both ends share: judge, merge, chain, seal, receipts."""

from tests.mutations.mutant import Edit, Mutant

JUDGE, MERGE, CHAIN, ENGINE, DECIDE = (
    "sync/judge.py", "sync/merge.py", "sync/chain.py", "sync/engine.py", "server/arrivals/decide.py",
)  # fmt: skip
TABLE = "tests/sync/test_judge.py::test_a_visit_stands_where_the_rule_says"
EXAMPLE = "tests/test_docs.py::test_the_example_computes_from_its_lines_to_its_signature"

MUTANTS = (
    Mutant(
        "conflict-accepted", "judge: a conflict is taken into the truth",
        (Edit(JUDGE, "    return Standing.CONFLICT\n", "    return Standing.ACCEPTED\n"),),
        (TABLE, "tests/server/arrivals/test_ingest.py::test_two_corrections_of_one_visit_stand_beside_each_other"),
    ),
    Mutant(
        "base-ignored", "judge: any correction of a visit that has a truth is accepted",
        (Edit(JUDGE, "if visit.base == truth:", "if visit.base == truth or (truth and visit.base):"),),
        (TABLE, "tests/field_client/test_two_ends.py::test_two_corrections_of_one_visit_are_both_kept"),
    ),
    Mutant(
        "held-ignored", "judge: a child of a held item is judged as if its base had come",
        (Edit(JUDGE, "base in {None, Standing.HELD}", "base is None"),),
        (TABLE,), seeds=0,  # decide asks for what a held base needs, and never comes so far
    ),
    Mutant(
        "needs-not-the-held", "decide and judge: a child of a held item does not wait for it",
        (
            Edit(DECIDE, "_standing_of(world, item.base) in {None, Standing.HELD}",
                 "_standing_of(world, item.base) is None"),
            Edit(JUDGE, "base in {None, Standing.HELD}", "base is None"),
        ),
        (TABLE,
         "tests/server/arrivals/test_ingest.py"
         "::test_a_correction_of_a_held_visit_waits_for_it_also_where_its_own_place_is_known"),
    ),
    Mutant(
        "mended-in-conflict", "judge: what mends a quarantined visit stands in conflict",
        (Edit(JUDGE, "if truth is None and base is Standing.QUARANTINED:", "if truth is None and base is None:"),),
        (TABLE, "tests/server/arrivals/test_ingest.py::test_a_mended_visit_made_from_a_quarantined_one_is_accepted"),
    ),
    Mutant(
        "was-ignored", "merge: an edit overwrites what it did not see",
        (Edit(MERGE, 'if now == edit["was"][path] and not overlaps', "if not overlaps"),),
        ("tests/sync/test_merge.py::test_a_field_that_someone_else_changed_is_in_conflict_and_the_others_apply",
         "tests/field_client/test_two_ends.py"
         "::test_an_edit_that_did_not_see_the_office_s_is_in_conflict_and_the_rest_applies"),
    ),
    Mutant(
        "conflict-not-joined", "decide: a later edit of a field in conflict goes past the conflict",
        (Edit(DECIDE, "& set(merged.applied)", "& set()"),),
        ("tests/server/arrivals/test_ingest.py"
         "::test_later_edits_of_the_same_laptop_to_a_field_in_conflict_join_it",),
    ),
    Mutant(
        "before-not-chained", "chain: an arrival does not carry the hash of the one before",
        (Edit(CHAIN, 'f"{before} {seq} {item}', 'f"{seq} {item}'),),
        (EXAMPLE,),
    ),
    Mutant(
        "detail-not-chained", "chain: the detail of a standing is left out",
        (Edit(CHAIN, '{standing} {detail}".encode()', '{standing} ".encode()'),),
        (EXAMPLE,),
    ),
    Mutant(
        "seal-not-checked", "engine: a reply that the server did not sign is believed",
        (Edit(ENGINE, "if not seal.signed_by(key, reply.signature):", "if not key:"),),
        ("tests/field_client/test_syncing.py::test_a_reply_that_the_server_did_not_sign_settles_nothing",),
    ),
    Mutant(
        "names-not-checked", "engine: the reply to another batch, as long as ours, settles ours",
        (Edit(ENGINE, "if walk(seal.before, new.values()) != seal.after:", "if not seal:"),),
        ("tests/sync/test_wire.py::test_an_answer_for_other_items_is_no_answer",),
    ),
    Mutant(
        "repeats-not-named", "wire: the reply to another batch, of repeats alone, settles ours",
        (Edit("sync/wire.py", "if present and item != name:", "if not name:"),),
        ("tests/sync/test_wire.py::test_an_answer_that_only_repeats_is_no_answer_for_other_items",),
    ),
)  # fmt: skip
