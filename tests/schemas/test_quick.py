"""The fast check accepts nothing that marshmallow would refuse."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.inspections import NewInspectionSchema
from schemas.quick import plain_inspection

ID = "018f0000-0000-7000-8000-000000000001"
WHOLE = {
    "establishment": ID,
    "team": ID,
    "revision": 1,
    "round": None,
    "decision": "12/QĐ-ĐKT",
    "date": "2026-11-05",
    "started": "20:30",
    "ended": "",
    "basis": "unscheduled",
    "trigger": "signs",
    "ground": "Có dấu hiệu vi phạm",
    "evidence": "",
    "members": [{"name": "Nguyễn Văn An", "agency": "", "role": "", "card": "1"}],
    "representative": "",
    "checklists": {"COM": 1},
    "answers": {"COM-01": "pass"},
    "notes": {"COM-01": "đủ"},
    "workers": {"total": 3, "under_18": None},
    "informed": 2,
    "violations": [{"id": ID, "code": "ND38-15.6b", "committed_on": "2026-11-05"}],
    "statement": "",
    "remark": "",
    "outcome": "violations",
    "found_working": True,
    "number": "",
    "void": False,
    "reason": "",
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2**40),
    st.floats(allow_nan=True),
    st.text(max_size=12),
    st.sampled_from(["", "2026-02-30", "2004-11-06", "closed_tonight", "planned", "fail", "24:00", "\ud800", "a\x00"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=4), st.integers()), max_size=2),
)


def paths(node, at=()):
    yield at
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from paths(child, (*at, key))


PATHS = [path for path in paths(WHOLE) if path]


def changed(path, value):
    body = copy.deepcopy(WHOLE)
    parent = body
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return body


def test_the_common_visit_is_accepted_fast():
    assert plain_inspection(WHOLE)
    assert plain_inspection({**WHOLE, "outcome": "no_violation", "violations": [], "basis": "planned"})


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(PATHS), ODD)
def test_whatever_is_accepted_fast_marshmallow_accepts(path, value):
    body = changed(path, value)

    if plain_inspection(body):
        assert NewInspectionSchema().validate(body) == {}


@settings(max_examples=300, deadline=None)
@given(st.sets(st.sampled_from([path for path in PATHS if len(path) == 1]), max_size=6))
def test_what_is_missing_is_judged_alike(gone):
    body = {key: value for key, value in WHOLE.items() if (key,) not in gone}

    if plain_inspection(body):
        assert NewInspectionSchema().validate(body) == {}


def test_it_is_not_dead_code():
    """Most single changes to harmless fields stay accepted, else the fast way is never taken."""
    assert sum(plain_inspection(changed((key,), "")) for key in ("ground", "remark", "statement", "number")) == 3
