"""Planning, people, the parts of coverage, review, decisions, jobs."""

import json

from sqlite_utils import Database

from server.arrivals.filling import fill_reviews
from server.migrations.steps import migrations
from server.register.keep import judge_all_decisions


@migrations()
def m020_planning(db: Database) -> None:
    """Tips and drawn lists are folded; the lists under decision are not, as they change with every click."""
    db.executescript(
        """
        ALTER TABLE assignments ADD COLUMN starts_on TEXT NOT NULL DEFAULT '';

        CREATE TABLE tips (
            id             TEXT PRIMARY KEY,
            number         TEXT NOT NULL,
            received_on    TEXT NOT NULL,
            unit           TEXT NOT NULL,              -- epoch:code
            establishment  TEXT,
            classification TEXT NOT NULL,              -- empty: not classified yet
            verified       TEXT NOT NULL,              -- true, false; empty: not yet
            due_on         TEXT NOT NULL,
            handled_on     TEXT,
            inspection     TEXT
        ) STRICT;
        CREATE INDEX tips_received ON tips (received_on);
        CREATE INDEX tips_of_a_place ON tips (establishment);

        CREATE TABLE drawings (
            id       TEXT PRIMARY KEY,
            item     TEXT NOT NULL,
            author   TEXT NOT NULL,
            unit     TEXT NOT NULL,
            year     INTEGER NOT NULL,
            drawn_on TEXT NOT NULL,
            seed     TEXT NOT NULL,
            facts    TEXT NOT NULL,                    -- SHA-256 of what was known of the places
            list     TEXT NOT NULL,                    -- SHA-256 of the list that came out
            places   INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX drawings_of_a_unit ON drawings (unit, year);

        -- A proposed list, its id that of its drawing, and what people make of it until it is confirmed.
        CREATE TABLE proposals (
            id         TEXT PRIMARY KEY,
            unit       TEXT NOT NULL,
            year       INTEGER NOT NULL,
            made_at    TEXT NOT NULL,
            made_by    TEXT NOT NULL,
            state      TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'dropped')),
            decided_at TEXT,
            decided_by TEXT,
            asked      TEXT NOT NULL,                  -- JSON: as-of day, target, weights
            quotas     TEXT NOT NULL                   -- JSON
        ) STRICT;
        CREATE INDEX proposals_of_a_unit ON proposals (unit, year);
        CREATE TABLE proposal_lines (
            proposal      TEXT NOT NULL REFERENCES proposals (id),
            establishment TEXT NOT NULL,
            place         INTEGER NOT NULL,            -- in the order of the proposal; added lines come last
            commune       TEXT NOT NULL,
            kinds         TEXT NOT NULL,
            points        INTEGER NOT NULL,
            working       TEXT NOT NULL,               -- JSON: the parts of the sum
            chosen        TEXT NOT NULL CHECK (chosen IN ('points', 'period', 'lot', 'kind', 'person')),
            first_team    TEXT NOT NULL,               -- as proposed; empty: no team could go
            team          TEXT NOT NULL,
            first_from    TEXT NOT NULL,               -- months as proposed: 2027-01
            first_to      TEXT NOT NULL,
            month_from    TEXT NOT NULL,
            month_to      TEXT NOT NULL,
            again         INTEGER NOT NULL CHECK (again IN (0, 1)),   -- the team was there last time too
            kept          INTEGER NOT NULL CHECK (kept IN (0, 1)),    -- 0: taken out by a person
            swapped_for   TEXT,                        -- the place that came instead, or went
            changed_by    TEXT,
            changed_at    TEXT,
            assignment    TEXT,                        -- once confirmed
            problem       TEXT,                        -- why it could not be assigned
            PRIMARY KEY (proposal, establishment)
        ) STRICT;
        """
    )


@migrations()
def m021_people(db: Database) -> None:
    """Who is signed in where, who is invited, what their phones hold: all of it outside items, no secret in clear."""
    db.executescript(
        """
        -- hash: of a random token that only the browser has. proof: of the account as it was then; second: by a code.
        CREATE TABLE sessions (
            hash     TEXT PRIMARY KEY,
            user     TEXT NOT NULL,
            begun_at TEXT NOT NULL,
            used_at  TEXT NOT NULL,
            machine  TEXT NOT NULL,
            address  TEXT NOT NULL,
            proof    TEXT NOT NULL,
            second   INTEGER NOT NULL CHECK (second IN (0, 1)),
            acting   TEXT NOT NULL DEFAULT ''                    -- the deputy under which something is done for another
        ) STRICT;
        CREATE INDEX sessions_of_a_user ON sessions (user);
        CREATE TABLE invitations (
            user TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL, expires_at TEXT NOT NULL
        ) STRICT;
        -- secret: encrypted under the server's keys. last_step: of the last code, which is not taken again.
        CREATE TABLE second_factors (
            user TEXT PRIMARY KEY, secret BLOB NOT NULL, set_up_at TEXT, last_step INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE recovery_codes (user TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (user, hash)) STRICT;
        CREATE TABLE failures (
            door TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at TEXT NOT NULL, until TEXT
        ) STRICT;
        """
    )


@migrations()
def m022_log_is_read(db: Database) -> None:
    """The log is looked through by unit, by what was done and by day."""
    db.executescript(
        """
        CREATE INDEX audit_of_a_unit ON audit (unit, seq);
        CREATE INDEX audit_of_a_kind ON audit (what, seq);
        CREATE INDEX audit_of_a_day ON audit (at, seq);
        """
    )


@migrations()
def m023_coverage_parts(db: Database) -> None:
    """Day deltas of the whole, and of the visits of each basis and each team alone; all years are counted again.

    Where a year stands in meta it is in the making, and the hourly job goes on with it.
    """
    db.executescript(
        """
        DROP TABLE coverage_deltas;
        CREATE TABLE coverage_deltas (
            year               INTEGER NOT NULL,
            part               TEXT NOT NULL,          -- empty: the whole; else a basis, or the id of a team
            unit               TEXT NOT NULL,          -- epoch:code of the commune as the register has it
            kinds              TEXT NOT NULL,          -- sorted, a space between
            day                TEXT NOT NULL,
            open               INTEGER NOT NULL,       -- of the whole only
            inspected          INTEGER NOT NULL,
            violating          INTEGER NOT NULL,       -- of the inspected places
            inspected_not_open INTEGER NOT NULL,
            visits             INTEGER NOT NULL,
            with_violations    INTEGER NOT NULL,
            PRIMARY KEY (year, part, unit, kinds, day)
        ) STRICT, WITHOUT ROWID;
        -- The whole of each unit alone, whatever the kinds: day by day, and to the end of each month.
        CREATE TABLE coverage_days (
            year               INTEGER NOT NULL,
            day                TEXT NOT NULL,
            unit               TEXT NOT NULL,
            open               INTEGER NOT NULL,
            inspected          INTEGER NOT NULL,
            violating          INTEGER NOT NULL,
            inspected_not_open INTEGER NOT NULL,
            visits             INTEGER NOT NULL,
            with_violations    INTEGER NOT NULL,
            PRIMARY KEY (year, day, unit)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE coverage_months (
            year               INTEGER NOT NULL,
            month              INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
            unit               TEXT NOT NULL,
            open               INTEGER NOT NULL,
            inspected          INTEGER NOT NULL,
            violating          INTEGER NOT NULL,
            inspected_not_open INTEGER NOT NULL,
            visits             INTEGER NOT NULL,
            with_violations    INTEGER NOT NULL,
            PRIMARY KEY (year, month, unit)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO meta (key, value) SELECT 'coverage_year:' || year, '' FROM coverage_years WHERE true
            ON CONFLICT (key) DO UPDATE SET value = '';
        UPDATE meta SET value = '' WHERE key LIKE 'coverage_year:%';
        DELETE FROM coverage_years WHERE EXISTS (SELECT 1 FROM establishments);
        DELETE FROM meta WHERE key LIKE 'coverage_year:%' AND EXISTS (SELECT 1 FROM coverage_years);
        """
    )


@migrations()
def m024_review(db: Database) -> None:
    """What the review's queue and the list of duties read of a visit instead of its body; every review is kept."""
    db.executescript(
        """
        ALTER TABLE visits ADD COLUMN risk INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE visits ADD COLUMN findings TEXT NOT NULL DEFAULT '';
        ALTER TABLE visits ADD COLUMN duties TEXT NOT NULL DEFAULT '';
        ALTER TABLE visits ADD COLUMN state TEXT NOT NULL DEFAULT 'new'
              CHECK (state IN ('new', 'mended', 'answered', 'accepted', 'issues', 'rejected'));
        ALTER TABLE visits ADD COLUMN paper INTEGER NOT NULL DEFAULT 0 CHECK (paper IN (0, 1));
        -- The queue of an area is read from this alone.
        CREATE INDEX visits_to_review ON visits
               (establishment, state, risk, date, id, paper, void, outcome)
               WHERE state IN ('new', 'mended', 'answered');
        ALTER TABLE reviews ADD COLUMN about TEXT NOT NULL DEFAULT '';      -- the revision that was reviewed
        ALTER TABLE reviews ADD COLUMN reviewer TEXT NOT NULL DEFAULT '';
        ALTER TABLE reviews ADD COLUMN review_id TEXT NOT NULL DEFAULT '';  -- what an answer to it names
        """
    )
    fill_reviews(db.conn)


@migrations()
def m025_decisions_and_acts(db: Database) -> None:
    """How far decisions are carried out, the acts they are about, what visits found, and what was coded since."""
    db.executescript(
        """
        ALTER TABLE decisions ADD COLUMN establishment TEXT NOT NULL DEFAULT '';
        ALTER TABLE decisions ADD COLUMN inspection TEXT NOT NULL DEFAULT '';
        ALTER TABLE decisions ADD COLUMN execution TEXT NOT NULL DEFAULT 'unknown'
              CHECK (execution IN ('done', 'open', 'unknown'));
        ALTER TABLE decisions ADD COLUMN done_on TEXT NOT NULL DEFAULT '';
        ALTER TABLE decisions ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1));
        ALTER TABLE decisions ADD COLUMN complaint INTEGER NOT NULL DEFAULT 0 CHECK (complaint IN (0, 1));
        ALTER TABLE decisions ADD COLUMN evasion INTEGER NOT NULL DEFAULT 0 CHECK (evasion IN (0, 1));
        CREATE INDEX decisions_of_a_place ON decisions (establishment) WHERE establishment <> '';
        CREATE INDEX decisions_about_a_visit ON decisions (inspection) WHERE inspection <> '';
        CREATE INDEX decisions_by_day ON decisions (decided_on, id);
        CREATE INDEX operators_of_a_place ON operator_places (establishment, operator);
        CREATE TABLE decision_acts (
            decision TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (decision, code)
        ) STRICT;
        CREATE INDEX decision_acts_of_a_code ON decision_acts (code, decision);
        CREATE TABLE found_acts (
            inspection TEXT NOT NULL, violation TEXT NOT NULL, code TEXT NOT NULL, committed_on TEXT NOT NULL,
            PRIMARY KEY (inspection, violation)
        ) STRICT;
        CREATE INDEX found_acts_uncoded ON found_acts (inspection, violation) WHERE code = '';
        CREATE TABLE codings (
            violation TEXT PRIMARY KEY, inspection TEXT NOT NULL, code TEXT NOT NULL, item TEXT NOT NULL
        ) STRICT;
        """
    )
    from schemas.items import read  # here, because what folds stands above the store that migrates
    from server.arrivals.fold_law import DECISION, FOUND, act_rows, decision_row

    for id, text in db.conn.execute("SELECT id, state FROM things WHERE kind = 'decision'").fetchall():
        state = json.loads(text)
        db.execute("DELETE FROM decisions WHERE id = ?", (id,))
        db.execute(DECISION, decision_row(id, state))
        db.conn.executemany(
            "INSERT INTO decision_acts (decision, code) VALUES (?, ?)", [(id, code) for code in set(state["codes"])]
        )
    rows = db.conn.execute("SELECT line FROM visits JOIN items ON items.name = item WHERE visits.violations > 0")
    for (line,) in rows.fetchall():
        if line:
            db.conn.executemany(FOUND, act_rows(read(line)))


@migrations()
def m026_jobs(db: Database) -> None:
    """What the server did by itself, what it is asked to do at once, what it reminds of, and what is held back."""
    db.executescript(
        """
        CREATE TABLE job_runs (
            id       TEXT PRIMARY KEY,
            job      TEXT NOT NULL,
            begun_at TEXT NOT NULL,
            ended_at TEXT,
            outcome  TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'nothing', 'failed')),
            said     TEXT NOT NULL,
            asked_by TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_runs_of_a_job ON job_runs (job, begun_at);
        CREATE TABLE job_requests (job TEXT PRIMARY KEY, asked_by TEXT NOT NULL, asked_at TEXT NOT NULL) STRICT;
        -- Looked up anew by a job each day: a copy of what stands elsewhere.
        CREATE TABLE reminders (
            kind TEXT NOT NULL, subject TEXT NOT NULL, unit TEXT NOT NULL, due_on TEXT NOT NULL, name TEXT NOT NULL,
            said TEXT NOT NULL,
            PRIMARY KEY (kind, subject)
        ) STRICT;
        CREATE TABLE holds (
            id TEXT PRIMARY KEY, data TEXT NOT NULL, person TEXT NOT NULL, ground TEXT NOT NULL, set_at TEXT NOT NULL,
            set_by TEXT NOT NULL, ended_at TEXT, ended_by TEXT
        ) STRICT;
        """
    )


@migrations()
def m027_decided_acts_gone(db: Database) -> None:
    """A decision needs a look also where its own act was corrected away while others stayed."""
    judge_all_decisions(db.conn)
