"""Mutants of the law's answer: windows, their look-up, doubles, who is told."""

from tests.mutations.mutant import Edit, Mutant

LOOK_UP, BOUNDS, FOLD, LAPTOP = (
    "schemas/repeat.py", "server/law/bounds.py", "server/arrivals/fold_law.py", "field_client/law.py",
)  # fmt: skip
CASES, PAGES = "tests/server/law/test_cases.py", "tests/field_client/pages/test_law_pages.py"

MUTANTS = (
    Mutant(
        "window-closes-late", "law: the first clean day is a repeat still",
        (Edit(LOOK_UP, "or day < self.until)", "or day <= self.until)"),),
        (f"{CASES}::test_one_decision",), seeds=0,
    ),
    Mutant(
        "own-acts-repeat", "law: a decision makes the acts that it decided a repeat of themselves",
        (Edit(LOOK_UP, " and not (but and one.inspection == but)", ""),),
        (f"{CASES}::test_a_decision_never_makes_its_own_acts_a_repeat",), seeds=0,
    ),
    Mutant(
        "group-is-code", "law: only the very same code is the same act",
        (Edit(LOOK_UP, "return self.act_group == group if group else code in self.codes",
              "return code in self.codes"),),
        (f"{CASES}::test_guests_not_notified_are_one_act_whatever_their_number",), seeds=0,
    ),
    Mutant(
        "remedy-holds-open", "law: a remedy done after the limit keeps the window open",
        (Edit(BOUNDS, "    if part is Part.REMEDIES:\n", "    if False:\n"),),
        (f"{CASES}::test_one_decision",), seeds=0,
    ),
    Mutant(
        "doubles-ignored", "law: a record that may be the same operator changes no answer",
        (Edit(LOOK_UP, "    if not matter or finding.answer is Answer.REPEAT:\n", "    if True:\n"),),
        (f"{PAGES}::test_a_record_that_may_be_the_same_operator_makes_it_unsure",
         "tests/server/law/test_asking.py"
         "::test_a_possible_duplicate_whose_decisions_would_matter_makes_it_unsure"), seeds=0,
    ),
    Mutant(
        "merge-not-heard", "law: laptops do not hear that two operators became one",
        (Edit(FOLD, "    tell_of_repeats(world, dict.fromkeys([*were, *united(world, item.id)]))\n", ""),),
        ("tests/server/law/test_told.py::test_merged_operators_answer_for_each_other_until_they_are_parted",), seeds=0,
    ),
    Mutant(
        "unknown-operator-clean", "law: where nobody knows who runs a place, nothing is said to be found",
        (Edit(LAPTOP, "return Subject(None, lacks=(Missing(Lacks.OPERATOR),))", "return Subject(None)"),),
        (f"{PAGES}::test_a_place_of_which_nobody_knows_the_operator_cannot_be_told",), seeds=0,
    ),
)  # fmt: skip
