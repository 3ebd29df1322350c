"""Arrivals and what is folded from them: places, visits, coverage, doors."""

from sqlite_utils import Database

from server.migrations.steps import migrations


@migrations()
def m001_arrivals(db: Database) -> None:
    """What arrived, in order, and the exact bytes of it."""
    db.executescript(
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

        -- The bytes of every item stand here, once. standing is the present one.
        CREATE TABLE items (
            seq        INTEGER PRIMARY KEY,            -- of its first arrival
            name       TEXT NOT NULL UNIQUE,           -- SHA-256 of line
            kind       TEXT NOT NULL,
            id         TEXT NOT NULL,
            base       TEXT,
            device     TEXT NOT NULL,
            standing   TEXT NOT NULL
                       CHECK (standing IN ('accepted', 'held', 'conflict', 'quarantined', 'declined', 'erased')),
            line       BLOB NOT NULL
        ) STRICT;
        CREATE INDEX items_of_a_thing ON items (id);
        CREATE INDEX items_of_a_device ON items (device, seq);

        -- Rows are added and never changed. seq has no gaps.
        CREATE TABLE arrivals (
            seq      INTEGER PRIMARY KEY,
            item     TEXT NOT NULL,
            first    INTEGER NOT NULL CHECK (first IN (0, 1)),   -- 0: a change of standing
            standing TEXT NOT NULL
                     CHECK (standing IN ('accepted', 'held', 'conflict', 'quarantined', 'declined', 'erased')),
            detail   TEXT NOT NULL DEFAULT '',
            at       TEXT NOT NULL,
            chain    TEXT NOT NULL                     -- hash of the chain before and this row
        ) STRICT;
        CREATE INDEX changes_of_standing ON arrivals (item) WHERE first = 0;

        CREATE TRIGGER arrivals_are_never_changed BEFORE UPDATE ON arrivals
        BEGIN SELECT RAISE (ABORT, 'arrivals are never changed'); END;
        CREATE TRIGGER arrivals_are_never_removed BEFORE DELETE ON arrivals
        BEGIN SELECT RAISE (ABORT, 'arrivals are never removed'); END;

        CREATE TABLE unreadable (
            hash TEXT PRIMARY KEY, device TEXT NOT NULL, at TEXT NOT NULL, line BLOB NOT NULL
        ) STRICT;

        -- What each run of each laptop has sent: a hole shows as last_seq > items.
        CREATE TABLE runs (
            device TEXT NOT NULL, run TEXT NOT NULL, last_seq INTEGER NOT NULL, items INTEGER NOT NULL,
            PRIMARY KEY (device, run)
        ) STRICT;
        """
    )


@migrations()
def m002_projections(db: Database) -> None:
    """What is known: folded from items and their standings, and rebuilt from them by verify."""
    db.executescript(
        """
        -- Every thing of the register, as its state (schemas/register.py).
        CREATE TABLE things (
            kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL,
            PRIMARY KEY (kind, id)
        ) STRICT;

        -- Fields whose edit did not see the present value; both values are kept.
        CREATE TABLE field_conflicts (
            kind TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL, item TEXT NOT NULL, device TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, id, path, item)
        ) STRICT;

        CREATE TABLE establishments (
            id       TEXT PRIMARY KEY,
            root     TEXT NOT NULL,                    -- itself, or the record it was merged into, chains followed
            code     TEXT NOT NULL,
            name     TEXT NOT NULL,
            search   TEXT NOT NULL,                    -- folded name, code, address, phone
            operator TEXT,                             -- the latest
            merged_into TEXT
        ) STRICT;
        CREATE INDEX establishments_by_code ON establishments (code);
        CREATE INDEX establishments_by_root ON establishments (root);
        CREATE INDEX establishments_by_operator ON establishments (operator);
        CREATE INDEX establishments_merged ON establishments (merged_into) WHERE merged_into IS NOT NULL;

        -- The present communes in which a place stands or may stand (a split commune: both halves).
        CREATE TABLE placements (
            establishment TEXT NOT NULL, commune TEXT NOT NULL,
            PRIMARY KEY (establishment, commune)
        ) STRICT;
        CREATE INDEX placements_by_commune ON placements (commune);

        CREATE TABLE operator_places (
            operator TEXT NOT NULL, establishment TEXT NOT NULL,
            PRIMARY KEY (operator, establishment)
        ) STRICT;

        -- The truth of each visit.
        CREATE TABLE visits (
            id            TEXT PRIMARY KEY,
            item          TEXT NOT NULL,
            establishment TEXT NOT NULL,
            team          TEXT NOT NULL,
            date          TEXT NOT NULL,
            basis         TEXT NOT NULL,
            outcome       TEXT NOT NULL,
            revision      INTEGER NOT NULL,
            members       INTEGER NOT NULL,
            violations    INTEGER NOT NULL,
            found_working INTEGER,
            void          INTEGER NOT NULL,
            counting      INTEGER NOT NULL CHECK (counting IN (0, 1)),
            device        TEXT NOT NULL
        ) STRICT;
        CREATE INDEX visits_of_a_place ON visits (establishment, date);
        CREATE INDEX visits_by_date ON visits (date);
        CREATE INDEX visits_not_counting ON visits (date) WHERE counting = 0;

        CREATE TABLE reviews (
            inspection TEXT PRIMARY KEY, item TEXT NOT NULL, review TEXT NOT NULL, comment TEXT NOT NULL
        ) STRICT;

        -- Items that are not in the truth and not out of it: received, not counted.
        CREATE TABLE aside (
            item TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, standing TEXT NOT NULL,
            detail TEXT NOT NULL, device TEXT NOT NULL, establishment TEXT, date TEXT
        ) STRICT;

        -- What a held item needs.
        CREATE TABLE needs (
            item TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
            PRIMARY KEY (item, kind, id)
        ) STRICT;
        CREATE INDEX needs_of_a_thing ON needs (kind, id);

        CREATE TABLE list_confirmations (
            unit TEXT PRIMARY KEY, confirmed_on TEXT NOT NULL, confirmed_by TEXT NOT NULL
        ) STRICT;
        CREATE TABLE outside_checks (
            id TEXT PRIMARY KEY, establishment TEXT NOT NULL, date TEXT NOT NULL, agency TEXT NOT NULL,
            paper TEXT NOT NULL
        ) STRICT;
        CREATE INDEX outside_checks_of_a_place ON outside_checks (establishment, date);

        -- What changed where, for pages: one row a thing and commune, moved up when it changes.
        CREATE TABLE feed (
            commune TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, pos INTEGER NOT NULL,
            gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
            PRIMARY KEY (commune, kind, id)
        ) STRICT;
        CREATE UNIQUE INDEX feed_in_order ON feed (pos);
        """
    )


@migrations()
def m003_coverage(db: Database) -> None:
    """Day deltas of the share inspected: any as-of day is a sum over days up to it."""
    db.executescript(
        """
        CREATE TABLE coverage_years (year INTEGER PRIMARY KEY) STRICT;   -- the years that have deltas
        CREATE TABLE coverage_deltas (
            year               INTEGER NOT NULL,
            unit               TEXT NOT NULL,          -- epoch:code of the commune as the register has it
            kinds              TEXT NOT NULL,          -- sorted, a space between
            day                TEXT NOT NULL,
            open               INTEGER NOT NULL,
            inspected          INTEGER NOT NULL,
            inspected_not_open INTEGER NOT NULL,
            visits             INTEGER NOT NULL,
            with_violations    INTEGER NOT NULL,
            PRIMARY KEY (year, unit, kinds, day)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m004_doors(db: Database) -> None:
    """Who may come in: no secret stands here in clear. None of this is folded from items."""
    db.executescript(
        """
        CREATE TABLE passwords (user TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;
        CREATE TABLE credentials (
            device TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE enrolments (
            hash TEXT PRIMARY KEY, epoch TEXT NOT NULL, area TEXT NOT NULL, team TEXT,
            expires_at TEXT NOT NULL, device TEXT, public_key TEXT
        ) STRICT;
        -- What each laptop said of itself at its last contact.
        CREATE TABLE contacts (
            device TEXT PRIMARY KEY, at TEXT NOT NULL, drafts INTEGER NOT NULL, unsent INTEGER NOT NULL,
            earliest TEXT, version TEXT NOT NULL, clock_offset_s INTEGER NOT NULL
        ) STRICT;
        -- Tries in a window of time, so that limits hold over several processes.
        CREATE TABLE tries (door TEXT NOT NULL, at TEXT NOT NULL) STRICT;
        CREATE INDEX tries_at_a_door ON tries (door, at);
        -- What each row of an imported file said last time.
        CREATE TABLE import_rows (
            source TEXT NOT NULL, key TEXT NOT NULL, thing TEXT NOT NULL, said TEXT NOT NULL,
            PRIMARY KEY (source, key)
        ) STRICT;
        """
    )


@migrations()
def m005_settling(db: Database) -> None:
    """What office persons decided of items that are not plainly in the truth."""
    db.executescript(
        """
        -- In which order a device's edits of a field came: its last word is what stands beside the truth.
        ALTER TABLE field_conflicts ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX field_conflicts_of_an_item ON field_conflicts (item);

        -- Items let in by a person although their author had no right to write them.
        CREATE TABLE releases (item TEXT PRIMARY KEY) STRICT;

        CREATE INDEX aside_of_a_thing ON aside (id);
        """
    )


@migrations()
def m006_register(db: Database) -> None:
    """Records that a person has said are not one; the lesser id first."""
    db.executescript(
        """
        CREATE TABLE distinct_pairs (
            kind TEXT NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL, item TEXT NOT NULL,
            PRIMARY KEY (kind, one, other), CHECK (one < other)
        ) STRICT;
        """
    )
