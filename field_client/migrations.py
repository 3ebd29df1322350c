"""The laptop's tables, in numbered steps that are added and never edited."""

import json
from typing import Any

from sqlite_utils import Database, Migrations

from schemas.in_brief import duties_text, findings_text
from schemas.parsing import parse

migrations = Migrations("field")


@migrations()
def m001_own(db: Database) -> None:
    """What this laptop made: drafts, outings, finished items and the proof that the server keeps them."""
    db.executescript(
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

        -- Every item made here, in order; those that wait are the outbox. seq is the receipt's number.
        CREATE TABLE own (
            local          INTEGER PRIMARY KEY,
            name           TEXT NOT NULL UNIQUE,         -- SHA-256 of line
            kind           TEXT NOT NULL,
            id             TEXT NOT NULL,
            base           TEXT,
            run            TEXT NOT NULL,
            device_seq     INTEGER NOT NULL CHECK (device_seq > 0),
            waiting        INTEGER NOT NULL DEFAULT 1 CHECK (waiting IN (0, 1)),
            seq            INTEGER,
            standing       TEXT CHECK (standing IN ('accepted', 'held', 'conflict', 'quarantined', 'declined',
                                                    'erased', 'unreadable')),
            detail         TEXT NOT NULL DEFAULT '',
            first_standing TEXT,                         -- as the receipt says it; never changes
            first_detail   TEXT NOT NULL DEFAULT '',
            proof          INTEGER,
            mirrored       INTEGER NOT NULL DEFAULT 0 CHECK (mirrored IN (0, 1)),  -- 1: a pull ended after the receipt
            line           BLOB NOT NULL,
            UNIQUE (run, device_seq),
            CHECK (seq IS NOT NULL OR standing IS NULL OR standing = 'unreadable')
        ) STRICT;
        CREATE INDEX own_waiting ON own (local) WHERE waiting = 1;
        CREATE INDEX own_of_a_thing ON own (id, local);
        CREATE INDEX own_by_standing ON own (standing, seq);
        CREATE INDEX own_not_mirrored ON own (local) WHERE mirrored = 0;

        CREATE TRIGGER own_lines_are_never_changed BEFORE UPDATE OF name, line ON own
        BEGIN SELECT RAISE (ABORT, 'own lines are never changed'); END;

        -- The server's seal over each batch (sync/chain.py). rows: kept when the batch had repeats,
        -- which the chain does not hold a second time.
        CREATE TABLE proofs (
            id        INTEGER PRIMARY KEY,
            at        TEXT NOT NULL,                     -- the server's time
            lineage   TEXT NOT NULL,
            first     INTEGER NOT NULL,
            last      INTEGER NOT NULL,
            before    TEXT NOT NULL,
            after     TEXT NOT NULL,
            receipts  TEXT NOT NULL,
            signature TEXT NOT NULL,
            rows      TEXT NOT NULL DEFAULT ''
        ) STRICT;

        -- What is typed, as it is typed: never judged, never thrown away by the program.
        CREATE TABLE drafts (
            id            TEXT PRIMARY KEY,              -- the inspection's id
            establishment TEXT NOT NULL,
            base          TEXT,                          -- of a correction: the item it corrects
            date          TEXT NOT NULL,
            fields        TEXT NOT NULL,
            created_at    TEXT NOT NULL,
            saved_at      TEXT NOT NULL
        ) STRICT;
        CREATE INDEX drafts_of_a_place ON drafts (establishment);

        CREATE TABLE rounds (
            id         TEXT PRIMARY KEY,
            team       TEXT NOT NULL,
            decision   TEXT NOT NULL,
            leader     TEXT NOT NULL,
            members    TEXT NOT NULL,
            day        TEXT NOT NULL,
            started_at TEXT NOT NULL,
            ended_at   TEXT
        ) STRICT;

        CREATE TABLE syncs (
            id         INTEGER PRIMARY KEY,
            at         TEXT NOT NULL,
            sent       INTEGER NOT NULL,
            received   INTEGER NOT NULL,
            waiting    INTEGER NOT NULL,
            bytes_up   INTEGER NOT NULL,
            bytes_down INTEGER NOT NULL,
            trouble    TEXT NOT NULL,                    -- empty: it went through
            words      TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m002_mirror(db: Database) -> None:
    """The copy of this laptop's part of the world, and the narrow tables that lists and search read."""
    db.executescript(
        """
        -- Everything the server told, as it told it. For an inspection, state is its review.
        CREATE TABLE things (
            kind  TEXT NOT NULL,
            id    TEXT NOT NULL,
            pos   INTEGER NOT NULL,
            gone  INTEGER NOT NULL CHECK (gone IN (0, 1)),
            state TEXT,
            PRIMARY KEY (kind, id)
        ) STRICT;

        CREATE TABLE revisions (
            id       TEXT NOT NULL,
            name     TEXT NOT NULL,
            place    INTEGER NOT NULL,                   -- the server's order
            standing TEXT NOT NULL,
            line     BLOB NOT NULL,
            PRIMARY KEY (id, name)
        ) STRICT;

        -- From here on: what the mirror and our own items say together (store/places.py, store/visits.py).
        CREATE TABLE operators (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, search TEXT NOT NULL, standing TEXT NOT NULL
        ) STRICT;

        CREATE TABLE establishments (
            id              TEXT PRIMARY KEY,
            root            TEXT NOT NULL,               -- itself, or the record it was merged into, chains followed
            merged_into     TEXT,
            code            TEXT NOT NULL,
            name            TEXT NOT NULL,
            sort            TEXT NOT NULL,
            search          TEXT NOT NULL,               -- folded name, code, address, phone
            unit            TEXT NOT NULL,               -- epoch:code, as the register has it
            address         TEXT NOT NULL,
            phone           TEXT NOT NULL,
            kinds           TEXT NOT NULL,               -- ' karaoke massage ': a space on both sides of each
            status          TEXT NOT NULL,
            operator        TEXT,
            operator_name   TEXT NOT NULL DEFAULT '',
            operator_search TEXT NOT NULL DEFAULT '',
            standing        TEXT NOT NULL
        ) STRICT;
        CREATE INDEX establishments_in_order ON establishments (sort, id);
        CREATE INDEX establishments_by_code ON establishments (code);
        CREATE INDEX establishments_by_operator ON establishments (operator);
        CREATE INDEX establishments_merged ON establishments (root) WHERE merged_into IS NOT NULL;

        CREATE TABLE visits (
            id             TEXT PRIMARY KEY,
            item           TEXT NOT NULL,                -- the revision that is shown
            establishment  TEXT NOT NULL,
            team           TEXT NOT NULL,
            date           TEXT NOT NULL,
            basis          TEXT NOT NULL,
            outcome        TEXT NOT NULL,
            revision       INTEGER NOT NULL,
            members        INTEGER NOT NULL,
            violations     INTEGER NOT NULL,
            found_working  INTEGER,
            void           INTEGER NOT NULL CHECK (void IN (0, 1)),
            counting       INTEGER NOT NULL CHECK (counting IN (0, 1)),
            standing       TEXT NOT NULL,                -- of the revision shown; waiting: no receipt yet
            aside          TEXT NOT NULL,                -- how our last revision stands, where it is not the one shown
            own            INTEGER NOT NULL CHECK (own IN (0, 1)),
            review         TEXT NOT NULL,
            review_comment TEXT NOT NULL
        ) STRICT;
        CREATE INDEX visits_of_a_place ON visits (establishment, date);
        CREATE INDEX visits_by_date ON visits (date, counting, establishment);
        CREATE INDEX visits_of_our_own ON visits (date) WHERE own = 1;

        CREATE TABLE outside_checks (
            id TEXT PRIMARY KEY, establishment TEXT NOT NULL, date TEXT NOT NULL, agency TEXT NOT NULL,
            paper TEXT NOT NULL
        ) STRICT;
        CREATE INDEX outside_checks_of_a_place ON outside_checks (establishment, date);
        """
    )


@migrations()
def m003_let_go(db: Database) -> None:
    """The bytes of an own item may go, where it was erased or is let go; they never become others."""
    db.executescript(
        """
        DROP TRIGGER own_lines_are_never_changed;
        CREATE TRIGGER own_lines_are_never_changed BEFORE UPDATE OF name, line ON own
        WHEN NEW.name <> OLD.name OR length(NEW.line) > 0
        BEGIN SELECT RAISE (ABORT, 'own lines are never changed'); END;
        """
    )


@migrations()
def m004_register(db: Database) -> None:
    """When the standing of an own item last became news, for whoever must look at it; empty: accepted at once."""
    db.executescript(
        """
        ALTER TABLE own ADD COLUMN standing_at TEXT NOT NULL DEFAULT '';        -- the server's time
        ALTER TABLE own ADD COLUMN news INTEGER NOT NULL DEFAULT 0 CHECK (news IN (0, 1));  -- 1: not looked at since
        CREATE INDEX own_to_look_at ON own (standing_at) WHERE standing_at <> '';
        UPDATE own
           SET standing_at = coalesce((SELECT value FROM meta WHERE key = 'server_time'), '1970-01-01T00:00:00Z')
         WHERE standing IS NOT NULL AND standing <> 'accepted';
        """
    )


@migrations()
def m005_files(db: Database) -> None:
    """The files of the records made here: photos and scans, and how far the server is with each."""
    db.executescript(
        """
        -- item: the record's item. The bytes lie in the folder of files under sha256 while here is 1.
        -- arrivals: how far the server's arrivals were when it had the file.
        CREATE TABLE files (
            attachment TEXT PRIMARY KEY,
            item       TEXT NOT NULL,
            inspection TEXT NOT NULL,
            sha256     TEXT NOT NULL,
            size       INTEGER NOT NULL,
            type       TEXT NOT NULL,
            role       TEXT NOT NULL,
            caption    TEXT NOT NULL,
            made_at    TEXT NOT NULL,
            state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused')),
            here       INTEGER NOT NULL DEFAULT 1 CHECK (here IN (0, 1)),
            upload     TEXT NOT NULL DEFAULT '',
            sent_bytes INTEGER NOT NULL DEFAULT 0,
            words      TEXT NOT NULL DEFAULT '',
            sent_at    TEXT NOT NULL DEFAULT '',
            arrivals   INTEGER NOT NULL DEFAULT 0,
            UNIQUE (inspection, sha256)
        ) STRICT;
        CREATE INDEX files_by_state ON files (state);
        CREATE INDEX files_of_a_hash ON files (sha256);
        """
    )


@migrations()
def m006_laptops(db: Database) -> None:
    """A draft that was made or typed while the clock was wrong, since which day of the server its own may lie."""
    db.execute("ALTER TABLE drafts ADD COLUMN unsure_since TEXT NOT NULL DEFAULT ''")


@migrations()
def m007_bundles(db: Database) -> None:
    """What went out on a stick, so that the answers of a return file find their items."""
    db.executescript(
        """
        CREATE TABLE bundles (
            batch   TEXT PRIMARY KEY,                    -- SHA-256 of the batch's body
            names   BLOB NOT NULL,                       -- of its items, in order, 32 bytes each
            made_at TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m008_said_of_visits(db: Database) -> None:
    """What is said of a visit after its minutes, by us or as the server told it: paper, findings resolved, duties."""
    db.executescript(
        """
        CREATE TABLE said_of_visits (
            id         TEXT PRIMARY KEY,
            kind       TEXT NOT NULL,                    -- paper, resolution, duty
            inspection TEXT NOT NULL,
            author     TEXT NOT NULL,
            said       TEXT NOT NULL,                    -- the body
            standing   TEXT NOT NULL                     -- waiting until a receipt is stored
        ) STRICT;
        CREATE INDEX said_of_visits_of_one ON said_of_visits (inspection, kind, id);
        """
    )


@migrations()
def m009_assignments(db: Database) -> None:
    """Which team is to visit which place, until when, as the server told it and as this laptop reserved it."""
    db.executescript(
        """
        CREATE TABLE assignments (
            id            TEXT PRIMARY KEY,
            establishment TEXT NOT NULL,
            team          TEXT NOT NULL,
            basis         TEXT NOT NULL,
            given_on      TEXT NOT NULL,
            expires_on    TEXT NOT NULL,
            reserved      INTEGER NOT NULL CHECK (reserved IN (0, 1)),   -- a team took it for itself
            withdrawn     INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
            note          TEXT NOT NULL,
            standing      TEXT NOT NULL                                  -- waiting until a receipt is stored
        ) STRICT;
        CREATE INDEX assignments_of_a_place ON assignments (establishment, expires_on);
        CREATE INDEX assignments_of_a_team ON assignments (team, expires_on);
        """
    )


@migrations()
def m010_papers(db: Database) -> None:
    """Until when a place's papers hold: the first day on which the newest of a type ends, empty where none does."""
    db.execute("ALTER TABLE establishments ADD COLUMN papers_to TEXT NOT NULL DEFAULT ''")
    rows = db.conn.execute(
        "SELECT things.id, state FROM things JOIN establishments ON establishments.id = things.id"
        " WHERE kind = 'establishment' AND gone = 0 AND state LIKE '%licence/%'"
    ).fetchall()
    ends = [(_papers_to(json.loads(state)), id) for id, state in rows]
    db.conn.executemany("UPDATE establishments SET papers_to = ? WHERE id = ?", ends)


def _papers_to(state: dict[str, Any]) -> str:
    last: dict[str, str] = {}
    for path, paper in state.items():
        if path.startswith("licence/"):
            type, end = str(paper.get("type")), paper.get("to") or "9999-12-31"
            last[type] = max(end, last.get(type, ""))
    end = min(last.values(), default="9999-12-31")
    return "" if end == "9999-12-31" else end


@migrations()
def m011_law(db: Database) -> None:
    """What operators with decisions are known by: names, numbers, addresses, folded."""
    db.executescript(
        """
        CREATE TABLE decided (key TEXT NOT NULL, operator TEXT NOT NULL, PRIMARY KEY (key, operator))
               STRICT, WITHOUT ROWID;
        CREATE INDEX decided_of_an_operator ON decided (operator);
        """
    )


@migrations()
def m012_draft_files(db: Database) -> None:
    """The photos and scans of drafts; their bytes lie in the folder of files, as those of finished visits do."""
    db.executescript(
        """
        CREATE TABLE draft_files (
            id      TEXT PRIMARY KEY,                    -- of the attachment that it becomes
            draft   TEXT NOT NULL,
            sha256  TEXT NOT NULL,
            size    INTEGER NOT NULL CHECK (size > 0),
            type    TEXT NOT NULL,
            role    TEXT NOT NULL CHECK (role IN ('photo', 'scan')),
            caption TEXT NOT NULL,
            made_at TEXT NOT NULL,
            UNIQUE (draft, sha256)
        ) STRICT;
        CREATE INDEX draft_files_of_a_hash ON draft_files (sha256);
        """
    )


@migrations()
def m013_history(db: Database) -> None:
    """The history of syncs says which half or way it was, how long it took, and of files; it is kept for a year."""
    db.executescript(
        """
        ALTER TABLE syncs ADD COLUMN way TEXT NOT NULL DEFAULT 'both' CHECK (way IN ('both', 'send', 'get', 'stick'));
        ALTER TABLE syncs ADD COLUMN began TEXT NOT NULL DEFAULT '';
        ALTER TABLE syncs ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE syncs ADD COLUMN files_waiting INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE syncs ADD COLUMN heard TEXT NOT NULL DEFAULT '';            -- the server's time, as known then
        UPDATE syncs SET began = at, heard = coalesce((SELECT value FROM meta WHERE key = 'server_time'), '');
        CREATE INDEX syncs_by_heard ON syncs (heard);
        """
    )


@migrations()
def m014_findings_and_duties(db: Database) -> None:
    """What each visit left open and what it makes the team do, beside its row: read without reading its body."""
    db.executescript(
        """
        ALTER TABLE visits ADD COLUMN findings TEXT NOT NULL DEFAULT '';
        ALTER TABLE visits ADD COLUMN duties TEXT NOT NULL DEFAULT '';
        CREATE INDEX visits_with_findings ON visits (establishment) WHERE findings <> '';
        CREATE INDEX visits_with_duties ON visits (team, date) WHERE duties <> '';
        """
    )
    last = ""
    while rows := db.conn.execute(
        "SELECT visits.id, coalesce(own.line, revisions.line) FROM visits"
        "  LEFT JOIN own ON own.name = visits.item"
        "  LEFT JOIN revisions ON revisions.id = visits.id AND revisions.name = visits.item"
        " WHERE visits.id > ? ORDER BY visits.id LIMIT 500",
        (last,),
    ).fetchall():
        last = rows[-1][0]
        bodies = [(id, parse(line)["body"]) for id, line in rows if line]
        said = [(findings_text(body), duties_text(body), id) for id, body in bodies]
        db.conn.executemany("UPDATE visits SET findings = ?, duties = ? WHERE id = ?", said)


@migrations()
def m015_lists(db: Database) -> None:
    """What lists and search read, narrow and in the order of the list; and the visits that count, by place."""
    db.executescript(
        """
        DROP INDEX establishments_in_order;
        CREATE INDEX establishments_listed ON establishments
            (sort, id, merged_into, kinds, status, unit, papers_to, search, operator_search);
        CREATE INDEX visits_that_count ON visits (establishment, date) WHERE counting = 1;
        """
    )


@migrations()
def m016_places_with_findings(db: Database) -> None:
    """At which places something is open (open_findings.py): NULL where it is to be worked out again."""
    db.executescript(
        """
        CREATE TABLE places_with_findings (
            establishment TEXT PRIMARY KEY,
            open          INTEGER CHECK (open IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX places_with_open_findings ON places_with_findings (open, establishment);
        INSERT INTO places_with_findings SELECT DISTINCT establishment, NULL FROM visits WHERE findings <> '';

        CREATE TRIGGER a_visit_with_findings_marks_its_place AFTER INSERT ON visits WHEN NEW.findings <> ''
        BEGIN
            INSERT INTO places_with_findings VALUES (NEW.establishment, NULL)
                ON CONFLICT (establishment) DO UPDATE SET open = NULL;
        END;
        CREATE TRIGGER a_changed_visit_marks_its_places AFTER UPDATE ON visits
        WHEN OLD.findings <> '' OR NEW.findings <> ''
        BEGIN
            INSERT INTO places_with_findings VALUES (OLD.establishment, NULL), (NEW.establishment, NULL)
                ON CONFLICT (establishment) DO UPDATE SET open = NULL;
        END;
        CREATE TRIGGER a_visit_that_goes_marks_its_place AFTER DELETE ON visits WHEN OLD.findings <> ''
        BEGIN
            UPDATE places_with_findings SET open = NULL WHERE establishment = OLD.establishment;
        END;
        CREATE TRIGGER a_resolution_marks_its_place AFTER INSERT ON said_of_visits WHEN NEW.kind = 'resolution'
        BEGIN
            UPDATE places_with_findings SET open = NULL
             WHERE establishment IN (SELECT establishment FROM visits WHERE id = NEW.inspection);
        END;
        CREATE TRIGGER a_resolution_that_goes_marks_its_place AFTER DELETE ON said_of_visits
        WHEN OLD.kind = 'resolution'
        BEGIN
            UPDATE places_with_findings SET open = NULL
             WHERE establishment IN (SELECT establishment FROM visits WHERE id = OLD.inspection);
        END;
        CREATE TRIGGER a_merge_marks_both_places AFTER UPDATE OF root ON establishments WHEN NEW.root <> OLD.root
        BEGIN
            UPDATE places_with_findings SET open = NULL WHERE establishment IN (NEW.id, OLD.root, NEW.root);
        END;
        CREATE TRIGGER a_record_that_goes_marks_its_places AFTER DELETE ON establishments WHEN OLD.root <> OLD.id
        BEGIN
            UPDATE places_with_findings SET open = NULL WHERE establishment IN (OLD.id, OLD.root);
        END;
        """
    )


@migrations()
def m017_last_inspected(db: Database) -> None:
    """When each place was last inspected, as the visits that count say: kept by triggers, for lists."""
    db.executescript(
        """
        CREATE TABLE last_inspected (establishment TEXT PRIMARY KEY, last TEXT NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO last_inspected SELECT establishment, max(date) FROM visits WHERE counting = 1 GROUP BY 1;

        CREATE TRIGGER a_visit_that_counts_is_the_last AFTER INSERT ON visits WHEN NEW.counting = 1
        BEGIN
            INSERT INTO last_inspected VALUES (NEW.establishment, NEW.date)
                ON CONFLICT (establishment) DO UPDATE SET last = max(last, excluded.last);
        END;
        CREATE TRIGGER a_changed_visit_may_be_the_last AFTER UPDATE ON visits WHEN OLD.counting = 1 OR NEW.counting = 1
        BEGIN
            DELETE FROM last_inspected WHERE establishment IN (OLD.establishment, NEW.establishment);
            INSERT INTO last_inspected SELECT establishment, max(date) FROM visits
                WHERE establishment IN (OLD.establishment, NEW.establishment) AND counting = 1 GROUP BY establishment;
        END;
        CREATE TRIGGER a_visit_that_goes_is_not_the_last AFTER DELETE ON visits WHEN OLD.counting = 1
        BEGIN
            DELETE FROM last_inspected WHERE establishment = OLD.establishment;
            INSERT INTO last_inspected SELECT establishment, max(date) FROM visits
                WHERE establishment = OLD.establishment AND counting = 1 GROUP BY establishment;
        END;
        """
    )


@migrations()
def m018_reviews(db: Database) -> None:
    """Of which revision a review spoke, and who made it: so that a correction shows as the answer to it."""
    db.executescript(
        """
        ALTER TABLE visits ADD COLUMN review_item TEXT NOT NULL DEFAULT '';   -- empty: the server did not say
        ALTER TABLE visits ADD COLUMN review_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE visits ADD COLUMN review_id TEXT NOT NULL DEFAULT '';     -- what an answer to it names
        CREATE INDEX visits_with_issues ON visits (review, date) WHERE review = 'issues';
        """
    )
