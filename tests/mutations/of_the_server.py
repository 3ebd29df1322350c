"""Mutants of the server: the savepoint, the batch's one transaction, receipts, the feed's stamps."""

from tests.mutations.mutant import Edit, Mutant

INGEST, ACTING, REGISTER, FEED = (
    "server/arrivals/ingest.py", "server/arrivals/acting.py", "server/arrivals/fold_register.py",
    "server/arrivals/feed.py",
)  # fmt: skip
SAVEPOINT = Edit(ACTING, '    world.conn.execute("SAVEPOINT item")\n', "")
ROLLBACK = Edit(ACTING, '        world.conn.execute("ROLLBACK TO item")\n', "")
RELEASE = Edit(ACTING, '    world.conn.execute("RELEASE item")\n', "")
UNDO = Edit(ACTING, "        world.undo(kept)\n", "")
SLIPS = "tests/server/arrivals/test_cut_anywhere.py::test_an_error_of_ours_anywhere_in_a_batch_costs_one_item_its_place"
KILLED = "tests/server/arrivals/test_cut_anywhere.py::test_killed_anywhere_in_a_batch_there_is_all_of_it_or_nothing"

MUTANTS = (
    Mutant(
        "no-savepoint", "ingest: an item has no savepoint of its own",
        (SAVEPOINT, ROLLBACK, RELEASE),
        (SLIPS,
         "tests/server/arrivals/test_ingest.py"
         "::test_an_error_of_ours_keeps_the_item_under_a_reference_and_the_others_go_in"),
    ),
    Mutant(
        "no-rollback", "ingest: what an item did before an error of ours stays",
        (ROLLBACK,),
        (SLIPS,
         "tests/server/arrivals/test_ingest.py"
         "::test_an_error_of_ours_keeps_the_item_under_a_reference_and_the_others_go_in"),
    ),
    Mutant(
        "no-undo", "ingest: the counters go on after an error of ours as if nothing had been undone",
        (UNDO,),
        (SLIPS,
         "tests/server/arrivals/test_ingest.py"
         "::test_an_error_of_ours_keeps_the_item_under_a_reference_and_the_others_go_in"),
    ),
    Mutant(
        "no-savepoint-nor-undo", "ingest: an error of ours is only noted",
        (SAVEPOINT, ROLLBACK, RELEASE, UNDO),
        (SLIPS,),
    ),
    Mutant(
        "batch-in-parts", "ingest: every item is committed by itself",
        (Edit(ACTING, '    world.conn.execute("SAVEPOINT item")\n',
              '    world.conn.execute("COMMIT")\n    world.conn.execute("BEGIN IMMEDIATE")\n'
              '    world.conn.execute("SAVEPOINT item")\n'),),
        (KILLED,),
    ),
    Mutant(
        "receipt-changes", "ingest: a repeat is answered with how the item stands now, as if it had come so",
        (Edit(INGEST, "return Receipt(name, seq, standing, json.loads(detail) if detail else None, present)",
              "return Receipt(name, seq, present, json.loads(detail) if detail else None, present)"),),
        ("tests/server/arrivals/test_ingest.py::test_a_receipt_never_changes_when_the_standing_does",),
    ),
    Mutant(
        "repeat-taken-again", "ingest: what came before is taken in once more",
        (Edit(INGEST, "if one.item.name in known else None", "if False else None"),),
        ("tests/server/arrivals/test_ingest.py"
         "::test_the_same_batch_twice_changes_nothing_and_gets_the_same_receipts",),
    ),
    Mutant(
        "not-released", "ingest: what was held for a visit's base stays held when it comes",
        (Edit(ACTING, "    if decision.standing is not Standing.HELD:\n        world.arrived",
              "    if decision.standing is Standing.ERASED:\n        world.arrived"),),
        ("tests/server/arrivals/test_ingest.py::test_within_one_batch_order_does_not_matter_in_the_end",),
    ),
    Mutant(
        "move-not-told", "feed: where a place comes in, nothing is told of it",
        (Edit(REGISTER, "    for commune in stands:\n        for kind, thing in under:\n",
              "    for commune in stands:\n        for kind, thing in under[:0]:\n"),),
        ("tests/server/arrivals/test_feed.py"
         "::test_a_place_that_moves_away_takes_its_visits_with_it_and_comes_in_elsewhere",),
    ),
    Mutant(
        "gone-not-told", "feed: what a place leaves is not told that it is gone",
        (Edit(REGISTER, "            world.stamp(commune, kind, thing, 1)\n", "            pass\n"),),
        ("tests/server/arrivals/test_feed.py"
         "::test_a_place_that_moves_away_takes_its_visits_with_it_and_comes_in_elsewhere",),
    ),
    Mutant(
        "standing-not-told", "feed: a laptop does not hear how its item stands now",
        (Edit(ACTING, "    tell_the_sender(world, item, world.conn)\n", ""),),
        ("tests/server/arrivals/test_ingest.py"
         "::test_a_visit_waits_for_its_establishment_and_its_children_wait_with_it",),
    ),
    Mutant(
        "cursor-ahead", "feed: the cursor of a page that is not the last names the end of the feed",
        (Edit(FEED, "end = changes[-1].pos if more else _end_of_feed(conn)", "end = _end_of_feed(conn)"),),
        ("tests/server/arrivals/test_feed.py::test_pages_are_cut_where_they_grow_long_and_nothing_is_missed",),
    ),
    Mutant(
        "lock-not-told", "feed: that a laptop was locked reaches nobody who had its key",
        (Edit(REGISTER, '"public_key") and was != now:', '"public_key") and was[0] != now[0]:'),),
        ("tests/server/verification/test_device_keys.py::test_a_lock_reaches_laptops_that_had_the_key",),
    ),
    Mutant(
        "closed-key-believed", "verification: what a locked laptop sent and the office declined proves something",
        (Edit("server/verification/known.py", "or not _was_let_in(conn, row)", "or False"),),
        ("tests/server/verification/test_known.py::test_a_person_says_what_becomes_of_what_a_locked_laptop_sent",),
        seeds=0,  # no schedule prints
    ),
    Mutant(
        "secret-told", "assignments: an unscheduled visit is told to the whole area",
        (Edit("server/arrivals/fold_assignments.py", "    if one.basis != UNSCHEDULED:\n", "    if True:\n"),),
        ("tests/server/arrivals/test_assignments.py::test_an_unscheduled_visit_is_seen_by_its_team_alone",),
    ),
    Mutant(
        "laptop-assigns", "assignments: a laptop may take back what the office assigned",
        (Edit("server/arrivals/assigning.py", ' or (present and not present.get("reserved")):', ":"),
         Edit("server/arrivals/assigning.py", '    if not after.get("reserved")', "    if False")),
        ("tests/server/arrivals/test_assignments.py"
         "::test_a_laptop_does_not_assign_and_does_not_take_back_what_the_office_assigned",),
        seeds=0,  # no laptop of a schedule tries to
    ),
)  # fmt: skip
