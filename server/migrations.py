"""The server's tables, in numbered steps that are added and never edited."""

import json
import secrets

from sqlite_utils import Database, Migrations

from server.arrivals.filling import fill_reviews
from server.register.keep import judge_all_decisions, keep_all_again

migrations = Migrations("server")


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


@migrations()
def m007_files(db: Database) -> None:
    """Records of files are folded from items; which files are here, and what is on its way, is not."""
    db.executescript(
        """
        -- received: 1 once the file is here. item: the item that says this; revision: of the visit, empty: not said.
        CREATE TABLE attachments (
            id         TEXT PRIMARY KEY,
            item       TEXT NOT NULL,
            inspection TEXT NOT NULL,
            revision   TEXT NOT NULL,
            sha256     TEXT NOT NULL,
            size       INTEGER NOT NULL,
            type       TEXT NOT NULL,
            role       TEXT NOT NULL,
            caption    TEXT NOT NULL,
            received   INTEGER NOT NULL CHECK (received IN (0, 1))
        ) STRICT;
        CREATE INDEX attachments_of_a_visit ON attachments (inspection);
        CREATE INDEX attachments_of_a_file ON attachments (sha256);

        -- The files that are here, under their hash.
        CREATE TABLE files (
            sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT;
        -- The items in whose name a file was taken in: a file that none of them speaks for any more is dropped.
        CREATE TABLE file_claims (
            sha256 TEXT NOT NULL, item TEXT NOT NULL,
            PRIMARY KEY (sha256, item)
        ) STRICT;

        -- One upload an attachment. Its bytes are a file of their own, whose length is the offset.
        -- refused: why, for the office and for the laptop that asks again.
        CREATE TABLE uploads (
            id         TEXT PRIMARY KEY,
            attachment TEXT NOT NULL,
            item       TEXT NOT NULL,
            device     TEXT NOT NULL,
            sha256     TEXT NOT NULL,
            size       INTEGER NOT NULL,
            type       TEXT NOT NULL,
            metadata   TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            state      TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
            slug       TEXT NOT NULL DEFAULT '',
            words      TEXT NOT NULL DEFAULT '',
            UNIQUE (device, attachment)
        ) STRICT;
        CREATE INDEX uploads_by_expiry ON uploads (state, expires_at);
        """
    )


@migrations()
def m008_laptops(db: Database) -> None:
    """What a laptop says of itself beside what waits: the run that it numbers in, the schemas that it reads."""
    db.executescript(
        """
        ALTER TABLE contacts ADD COLUMN run TEXT NOT NULL DEFAULT '';
        ALTER TABLE contacts ADD COLUMN schema INTEGER NOT NULL DEFAULT 0;   -- 0: a laptop that does not say
        """
    )


@migrations()
def m009_proof(db: Database) -> None:
    """What is known of other histories, of items that are gone with a lost disk, and of runs in two places."""
    db.executescript(
        """
        -- Histories that this database had before it was restored: up to last_seq they are this one too.
        CREATE TABLE lineages (
            lineage TEXT PRIMARY KEY, last_seq INTEGER NOT NULL, ended_at TEXT NOT NULL
        ) STRICT;
        -- How far laptops had read in a history that this server does not hold.
        CREATE TABLE lost_contacts (
            device TEXT NOT NULL, lineage TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (device, lineage)
        ) STRICT;
        -- Items for which a laptop holds a receipt of such a history, and which were not here when it said so.
        CREATE TABLE lost_items (
            item TEXT PRIMARY KEY, device TEXT NOT NULL, lineage TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL
        ) STRICT;

        -- What was erased after the backup and was not in it: it is erased again as soon as a laptop sends it again.
        CREATE TABLE erasures_due (item TEXT PRIMARY KEY, ground TEXT NOT NULL, keep_rest INTEGER NOT NULL) STRICT;

        -- The numbers of a run that have come, as ranges: 1-40 42; one that comes again under another name is a clash.
        ALTER TABLE runs ADD COLUMN held TEXT;
        UPDATE runs SET held = '1-' || last_seq WHERE items = last_seq;
        CREATE TABLE run_clashes (
            item TEXT PRIMARY KEY, device TEXT NOT NULL, run TEXT NOT NULL, device_seq INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX run_clashes_of_a_device ON run_clashes (device);
        """
    )


@migrations()
def m010_carried(db: Database) -> None:
    """Items that another laptop handed in than the one they name: it must hear of them too."""
    db.executescript(
        """
        CREATE TABLE carried (item TEXT PRIMARY KEY, sender TEXT NOT NULL) STRICT;
        """
    )


@migrations()
def m011_said_of_visits(db: Database) -> None:
    """What is said of a visit after its minutes: events of the paper, findings resolved, duties done."""
    db.executescript(
        """
        CREATE TABLE said_of_visits (
            id         TEXT PRIMARY KEY,
            kind       TEXT NOT NULL,                    -- paper, resolution, duty
            inspection TEXT NOT NULL,
            item       TEXT NOT NULL,
            author     TEXT NOT NULL,
            said       TEXT NOT NULL                     -- the body
        ) STRICT;
        CREATE INDEX said_of_visits_of_one ON said_of_visits (inspection, kind, id);
        """
    )


@migrations()
def m012_device_keys(db: Database) -> None:
    """The keys of laptops that are here already are told to all, at the end of the feed: none has read beyond it."""
    db.execute(
        """
        INSERT INTO feed (commune, kind, id, pos, gone)
        SELECT 'laptops', 'device_key', id,
               (SELECT coalesce(max(pos), 0) FROM feed) + row_number() OVER (ORDER BY id), 0
          FROM things
         WHERE kind = 'device' AND coalesce(json_extract(state, '$.public_key'), '') <> ''
         ORDER BY id
        """
    )


@migrations()
def m013_assignments(db: Database) -> None:
    """Which team is to visit which place, until when: what decides who hears of it."""
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
            withdrawn     INTEGER NOT NULL CHECK (withdrawn IN (0, 1))
        ) STRICT;
        CREATE INDEX assignments_of_a_place ON assignments (establishment);
        CREATE INDEX assignments_of_a_team ON assignments (team, expires_on);
        """
    )


@migrations()
def m014_law(db: Database) -> None:
    """Who is one operator with whom, and whose decisions are held: so that what is a repeat can be told."""
    db.executescript(
        """
        CREATE TABLE operators (id TEXT PRIMARY KEY, root TEXT NOT NULL, merged_into TEXT) STRICT;
        CREATE INDEX operators_of_a_root ON operators (root, id);
        CREATE INDEX operators_merged ON operators (merged_into) WHERE merged_into IS NOT NULL;
        CREATE TABLE decisions (
            id TEXT PRIMARY KEY, operator TEXT NOT NULL, number TEXT NOT NULL, authority TEXT NOT NULL,
            decided_on TEXT NOT NULL
        ) STRICT;
        CREATE INDEX decisions_of_an_operator ON decisions (operator);
        CREATE INDEX decisions_of_a_number ON decisions (number, authority);
        CREATE INDEX decisions_of_an_authority ON decisions (authority, decided_on);
        CREATE INDEX feed_of_an_operator ON feed (id, commune) WHERE kind = 'operator';

        INSERT INTO operators (id, root, merged_into)
        SELECT id, id, json_extract(state, '$.merged_into') FROM things WHERE kind = 'operator';
        WITH RECURSIVE chain (id, at, steps) AS (
            SELECT id, merged_into, 1 FROM operators WHERE merged_into IS NOT NULL
            UNION ALL
            SELECT chain.id, operators.merged_into, steps + 1 FROM chain JOIN operators ON operators.id = chain.at
             WHERE operators.merged_into IS NOT NULL AND steps < 1000
        )
        UPDATE operators SET root = (SELECT at FROM chain WHERE chain.id = operators.id ORDER BY steps DESC LIMIT 1)
         WHERE merged_into IS NOT NULL;
        INSERT INTO decisions (id, operator, number, authority, decided_on)
        SELECT id, json_extract(state, '$.operator'), json_extract(state, '$.number'),
               coalesce(json_extract(state, '$.authority'), ''), json_extract(state, '$.decided_on')
          FROM things WHERE kind = 'decision';

        INSERT INTO feed (commune, kind, id, pos, gone)
        SELECT commune, 'repeat', id, (SELECT coalesce(max(pos), 0) FROM feed) + row_number() OVER (ORDER BY pos), gone
          FROM feed
         WHERE kind = 'operator' AND id IN (
               SELECT one.id FROM operators AS one JOIN operators AS other ON other.root = one.root
                 JOIN decisions ON decisions.operator = other.id);
        INSERT INTO feed (commune, kind, id, pos, gone)
        SELECT 'laptops', 'decisions_held', 'all', (SELECT max(pos) FROM feed) + 1, 0
         WHERE EXISTS (SELECT 1 FROM decisions);
        """
    )


@migrations()
def m015_accesses(db: Database) -> None:
    """Who opened what is known of sanctions, and why."""
    db.executescript(
        """
        CREATE TABLE accesses (
            id TEXT PRIMARY KEY, item TEXT NOT NULL, device TEXT NOT NULL, author TEXT NOT NULL,
            establishment TEXT NOT NULL, what TEXT NOT NULL, purpose TEXT NOT NULL
        ) STRICT;
        CREATE INDEX accesses_of_a_place ON accesses (establishment);
        """
    )


@migrations()
def m016_audit(db: Database) -> None:
    """Sensitive look-ups and sign-ins. This is written, not folded: no rebuild makes it again."""
    db.executescript(
        """
        CREATE TABLE audit (
            seq     INTEGER PRIMARY KEY,
            at      TEXT NOT NULL,
            what    TEXT NOT NULL,
            who     TEXT NOT NULL,
            role    TEXT NOT NULL,
            subject TEXT NOT NULL,
            unit    TEXT NOT NULL,
            purpose TEXT NOT NULL,
            detail  TEXT NOT NULL,
            chain   TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_of_a_user ON audit (who, seq);
        CREATE INDEX audit_of_a_subject ON audit (subject, seq);
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE (ABORT, 'the log is never changed'); END;
        CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
        BEGIN SELECT RAISE (ABORT, 'the log is never changed'); END;
        """
    )


@migrations()
def m017_access_tokens(db: Database) -> None:
    """What programs read with, in a person's name. A secret, so it stands outside items, as a hash."""
    db.executescript(
        """
        CREATE TABLE access_tokens (
            id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, user TEXT NOT NULL, name TEXT NOT NULL,
            ends_in TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT, used_on TEXT
        ) STRICT;
        CREATE INDEX access_tokens_of_a_user ON access_tokens (user);
        """
    )


@migrations()
def m018_register_pages(db: Database) -> None:
    """What the list of the register is narrowed by, one narrow row a place; and what in the register needs a look."""
    db.executescript(
        """
        -- Merged records stand in none of these. The status that holds on a day: status, before status_from the other.
        CREATE TABLE register_rows (
            id            TEXT PRIMARY KEY,
            sort          TEXT NOT NULL,               -- of the name, as a Vietnamese dictionary has it
            search        TEXT NOT NULL,               -- folded: name, code, addresses, phone, numbers of papers
            unit          TEXT NOT NULL,               -- epoch:code where it stands last
            kinds         TEXT NOT NULL,               -- sorted, a space between and around
            status        TEXT NOT NULL,
            status_from   TEXT NOT NULL,
            status_before TEXT NOT NULL,
            expires_on    TEXT NOT NULL                -- the first day on which a newest paper has expired; or empty
        ) STRICT;
        CREATE TABLE operator_rows (
            id     TEXT PRIMARY KEY,
            search TEXT NOT NULL                       -- folded: name, registration, phone
        ) STRICT;

        -- One row for each thing that is not as it should be; day: from which on it is so, empty: whatever the day.
        CREATE TABLE flaws (
            id            TEXT NOT NULL,               -- of the place, visit or decision that needs a look
            problem       TEXT NOT NULL,
            day           TEXT NOT NULL,
            establishment TEXT NOT NULL,
            PRIMARY KEY (id, problem)
        ) STRICT;
        CREATE INDEX flaws_of_a_place ON flaws (establishment, problem, day);
        CREATE INDEX flaws_by_problem ON flaws (problem, day);
        CREATE TABLE decisions_of_visits (decision TEXT PRIMARY KEY, inspection TEXT NOT NULL) STRICT;
        CREATE INDEX decisions_of_a_visit ON decisions_of_visits (inspection);
        CREATE INDEX visits_of_a_team ON visits (team, date);

        -- What was imported on a page, how far it is and what became of it. A log, like import_rows: nothing folds it.
        CREATE TABLE import_runs (
            id         TEXT PRIMARY KEY,
            what       TEXT NOT NULL,
            unit       TEXT NOT NULL,                  -- the area of who imported
            author     TEXT NOT NULL,
            name       TEXT NOT NULL,                  -- of the file, as it was called
            state      TEXT NOT NULL CHECK (state IN ('uploaded', 'running', 'done', 'failed')),
            header_map TEXT NOT NULL,                  -- JSON: our column, their header
            made_at    TEXT NOT NULL,
            heard_at   TEXT NOT NULL,                  -- a sign of life while it runs
            done_rows  INTEGER NOT NULL,
            total_rows INTEGER,
            counts     TEXT NOT NULL,                  -- JSON, when it is done
            problem    TEXT NOT NULL                   -- a sentence, when it failed
        ) STRICT;
        CREATE INDEX import_runs_of_an_area ON import_runs (unit, made_at);
        -- Which header a person of an area chose for our column, so that nobody chooses it twice.
        CREATE TABLE import_headers (
            unit TEXT NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, header TEXT NOT NULL,
            PRIMARY KEY (unit, what, name)
        ) STRICT;
        """
    )
    keep_all_again(db.conn)


@migrations()
def m019_histories(db: Database) -> None:
    """What the search looks in, and over it an index of three letters each; who may see what for how long."""
    db.executescript(
        """
        -- A row for each name, address and number that an item set: what no longer stands is found too.
        CREATE TABLE lookup_texts (
            id    INTEGER PRIMARY KEY,
            item  TEXT NOT NULL,
            kind  TEXT NOT NULL,                     -- establishment, operator
            thing TEXT NOT NULL,
            what  TEXT NOT NULL,                     -- name, address, code, licence, registration
            text  TEXT NOT NULL,                     -- folded, with a space before and after
            shown TEXT NOT NULL
        ) STRICT;
        CREATE INDEX lookup_texts_of_a_thing ON lookup_texts (thing);
        CREATE INDEX lookup_texts_of_an_item ON lookup_texts (item);

        CREATE VIRTUAL TABLE lookup_index USING fts5 (
            text, content = 'lookup_texts', content_rowid = 'id', tokenize = 'trigram', detail = none
        );
        CREATE VIRTUAL TABLE lookup_terms USING fts5vocab (lookup_index, row);
        CREATE TRIGGER lookup_texts_are_indexed AFTER INSERT ON lookup_texts
        BEGIN INSERT INTO lookup_index (rowid, text) VALUES (new.id, new.text); END;
        CREATE TRIGGER lookup_texts_leave_the_index AFTER DELETE ON lookup_texts
        BEGIN INSERT INTO lookup_index (lookup_index, rowid, text) VALUES ('delete', old.id, old.text); END;

        ALTER TABLE accesses ADD COLUMN recorded_at TEXT NOT NULL DEFAULT '';
        UPDATE accesses SET recorded_at = coalesce((
            SELECT json_extract(line, '$.recorded_at') FROM items WHERE name = accesses.item AND line <> x''), '');

        -- Why somebody may see the history of a thing, until when. Given on a form; none of this is folded.
        CREATE TABLE purposes (
            user TEXT NOT NULL, subject TEXT NOT NULL, purpose TEXT NOT NULL, given_at TEXT NOT NULL,
            until TEXT NOT NULL,
            PRIMARY KEY (user, subject)
        ) STRICT;
        -- Whose data each line of the log was about: what a unit may read of it. It says nothing that the log lacks.
        CREATE TABLE lookup_units (
            unit TEXT NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (unit, seq)
        ) STRICT, WITHOUT ROWID;
        """
    )
    _fill_lookup_texts(db)


def _fill_lookup_texts(db: Database) -> None:
    """Keep the texts that items set before this step, in the order in which they came."""
    from schemas.items import read
    from server.history.texts import note

    rows = db.conn.execute(
        "SELECT name, line, arrivals.detail FROM items JOIN arrivals ON arrivals.item = items.name"
        " WHERE kind IN ('establishment', 'operator') AND items.standing <> 'erased'"
        "   AND arrivals.standing IN ('accepted', 'conflict') ORDER BY arrivals.seq"
    ).fetchall()
    for name, line, detail in rows:
        said = json.loads(detail) if detail else {}
        if "settled" not in said:
            item = read(line)
            left_out = said.get("fields") or {}
            note(db.conn, name, item.kind, item.id, {k: v for k, v in item.body["set"].items() if k not in left_out})


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
