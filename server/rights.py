"""Who may do what: one table. A view names its act, and everything that asks about a role asks here."""

TEAM, COORDINATOR, POLICE, LEGAL, CLERK, AUDITOR, ADMIN = ROLES = (
    "team",
    "coordinator",
    "police",
    "legal",
    "clerk",
    "auditor",
    "admin",
)
ALL = frozenset(ROLES)
OFFICE = frozenset({COORDINATOR, ADMIN})

# What is done within the person's area only; tests/server/pages/test_doors.py walks it route by route.
RIGHTS: dict[str, frozenset[str]] = {
    "home.see": ALL,
    "coverage.see": ALL,
    "indicators.see": ALL,
    "indicators.enter": OFFICE | {POLICE},
    "indicators.review": OFFICE,
    "returns.see": OFFICE | {CLERK, AUDITOR},
    "returns.make": OFFICE,
    "returns.number": OFFICE | {CLERK},
    "deadlines.see": ALL,
    "work.see": OFFICE | {CLERK, AUDITOR},
    "work.do": OFFICE,
    "register.see": ALL,
    "register.edit": OFFICE,
    "register.import": OFFICE,
    "register.confirm": OFFICE,
    "duplicates.decide": OFFICE,
    "assignments.see": OFFICE | {TEAM},
    "assignments.decide": OFFICE,
    "visits.see": ALL - {AUDITOR},
    "visits.review": OFFICE,
    "visits.paper": OFFICE | {CLERK},
    "arrivals.decide": OFFICE,
    "duties.see": OFFICE | {TEAM},
    "decisions.see": OFFICE | {POLICE, LEGAL, CLERK},
    "decisions.edit": OFFICE | {LEGAL, CLERK},
    "law.see": ALL,
    "law.edit": frozenset({LEGAL}),
    "history.see": OFFICE | {POLICE, LEGAL},
    "requests.answer": OFFICE | {LEGAL},
    "tips.see": OFFICE | {POLICE},
    "tips.edit": OFFICE | {POLICE},
    "people.manage": frozenset({ADMIN}),
    "teams.manage": OFFICE,
    "plans.manage": OFFICE,
    "laptops.keep": OFFICE,
    "lookups.see": OFFICE | {AUDITOR},
    "audit.see": frozenset({AUDITOR, ADMIN}),
    "jobs.see": frozenset({ADMIN}),
}


# What concerns the server as a whole and no area: only for who has an area that lies in no other.
OF_THE_WHOLE = frozenset({"jobs.see"})


def may(role: str, act: str) -> bool:
    """Return whether a role may do an act; an act that is not in the table is a mistake and raises KeyError."""
    return role in RIGHTS[act]
