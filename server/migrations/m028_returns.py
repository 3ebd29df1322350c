"""Figures of indicators, returns, the year's work, and what makes pages quick."""

import secrets

from sqlite_utils import Database

from server.migrations.steps import migrations


@migrations()
def m028_indicator_values(db: Database) -> None:
    """The figures that units report for the indicators of plans."""
    db.executescript(
        """
        CREATE TABLE indicator_values (
            id          TEXT PRIMARY KEY,
            plan        TEXT NOT NULL,
            indicator   TEXT NOT NULL,
            unit        TEXT NOT NULL,          -- epoch:code of the unit that reports
            agency      TEXT NOT NULL,          -- empty: the unit itself
            report      TEXT NOT NULL,
            since       TEXT NOT NULL,
            until       TEXT NOT NULL,
            numerator   INTEGER,
            denominator INTEGER,
            standing    TEXT NOT NULL CHECK (standing IN ('entered', 'sent', 'returned', 'accepted')),
            entered_on  TEXT NOT NULL,
            file        TEXT NOT NULL           -- its hash; empty: none
        ) STRICT;
        CREATE INDEX indicator_values_of_a_period ON indicator_values (plan, since, until, unit, indicator);
        CREATE INDEX indicator_values_of_a_unit ON indicator_values (unit, plan, until);
        CREATE INDEX indicator_values_to_review ON indicator_values (plan, report, since, until, unit)
               WHERE standing = 'sent';
        CREATE INDEX indicator_values_with_a_file ON indicator_values (file) WHERE file <> '';
        """
    )


@migrations()
def m029_returns(db: Database) -> None:
    """Returns: whose, for which days, how far each has come; and what was sent, by the hash of its document."""
    db.executescript(
        """
        CREATE TABLE returns (
            id        TEXT PRIMARY KEY,
            plan      TEXT NOT NULL,                -- empty: none, a quarter's
            deadline  TEXT NOT NULL,                -- its code in the plan, or its place there
            report    TEXT NOT NULL,
            unit      TEXT NOT NULL,                -- epoch:code
            since     TEXT NOT NULL,
            until     TEXT NOT NULL,
            due       TEXT NOT NULL,
            strict    INTEGER NOT NULL CHECK (strict IN (0, 1)),
            standing  TEXT NOT NULL CHECK (standing IN ('draft', 'sent', 'replaced', 'dropped')),
            version   INTEGER NOT NULL,
            replaces  TEXT NOT NULL,
            number    TEXT NOT NULL,
            signed_on TEXT NOT NULL,
            title     TEXT NOT NULL
        ) STRICT;
        CREATE INDEX returns_by_cut_off ON returns (until, unit);
        CREATE INDEX returns_of_a_unit ON returns (unit, until);
        CREATE INDEX returns_that_replace ON returns (replaces) WHERE replaces <> '';
        CREATE TABLE frozen_returns (
            id       TEXT PRIMARY KEY,
            item     TEXT NOT NULL UNIQUE,
            document TEXT NOT NULL,             -- SHA-256, the name of its file
            size     INTEGER NOT NULL,
            seq      INTEGER NOT NULL,              -- the last arrival that its figures know
            sent_on  TEXT NOT NULL,
            sent_by  TEXT NOT NULL,
            author   TEXT NOT NULL,
            sent_at  TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m030_work(db: Database) -> None:
    """The work of a year: tasks, inspections of units' own work, proposals of reviews; their words stay in things."""
    db.executescript(
        """
        CREATE TABLE year_tasks (
            id       TEXT PRIMARY KEY,
            unit     TEXT NOT NULL,
            year     INTEGER NOT NULL,
            plan     TEXT NOT NULL,                -- empty: ordered by law, whatever plan holds
            code     TEXT NOT NULL,
            standing TEXT NOT NULL CHECK (standing IN ('to_do', 'doing', 'done', 'not_done'))
        ) STRICT;
        CREATE INDEX year_tasks_of_a_unit ON year_tasks (unit, year);
        CREATE TABLE unit_inspections (
            id        TEXT PRIMARY KEY,
            unit      TEXT NOT NULL,
            day       TEXT NOT NULL,
            void      INTEGER NOT NULL CHECK (void IN (0, 1)),
            mend_by   TEXT NOT NULL,               -- empty: no day is named
            mended_on TEXT NOT NULL
        ) STRICT;
        CREATE INDEX unit_inspections_by_day ON unit_inspections (day, unit);
        CREATE INDEX unit_inspections_to_mend ON unit_inspections (mend_by)
            WHERE void = 0 AND mended_on = '' AND mend_by <> '';
        CREATE TABLE list_proposals (
            id       TEXT PRIMARY KEY,
            unit     TEXT NOT NULL,
            year     INTEGER NOT NULL,
            standing TEXT NOT NULL CHECK (standing IN ('proposed', 'agreed', 'refused'))
        ) STRICT;
        CREATE INDEX list_proposals_of_a_year ON list_proposals (year, unit);
        """
    )


@migrations()
def m031_calendar_tokens(db: Database) -> None:
    """A token may be good for the calendar of deadlines only."""
    db.execute(
        "ALTER TABLE access_tokens ADD COLUMN scope TEXT NOT NULL DEFAULT 'read'"
        " CHECK (scope IN ('read', 'calendar'))"
    )


@migrations()
def m032_found_and_known(db: Database) -> None:
    """Places that ever moved and the teams of a unit are found without reading all; each year's deltas have a name."""
    db.executescript(
        """
        CREATE INDEX things_moved ON things (kind, id)
               WHERE kind = 'establishment' AND state LIKE '%"place/%"place/%';
        CREATE INDEX things_of_teams
               ON things (kind, json_extract(state, '$.epoch') || ':' || json_extract(state, '$.area'))
               WHERE kind = 'team';
        ALTER TABLE coverage_years ADD COLUMN version TEXT NOT NULL DEFAULT '';  -- another after each change
        """
    )
    years = db.execute("SELECT year FROM coverage_years").fetchall()
    named = [(secrets.token_hex(8), year) for (year,) in years]
    db.conn.executemany("UPDATE coverage_years SET version = ? WHERE year = ?", named)


@migrations()
def m033_teams_that_renew(db: Database) -> None:
    """The team that was set up in place of another is found without reading all."""
    db.execute(
        """
        CREATE INDEX things_that_renew ON things (kind, json_extract(state, '$.renews')) WHERE kind = 'team'
        """
    )
