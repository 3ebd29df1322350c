"""Files, laptops, proofs, what is said of visits, assignments."""

from sqlite_utils import Database

from server.migrations.steps import migrations


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
