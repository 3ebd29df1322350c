"""The server's tables, in numbered steps that are added and never edited."""

from sqlite_utils import Database, Migrations

from server.arrivals.filling import fill_reviews

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
def m017_review(db: Database) -> None:
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
