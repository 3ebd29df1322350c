"""The law, the log of look-ups, tokens, the pages of the register and of histories."""

import json

from sqlite_utils import Database

from server.migrations.steps import migrations
from server.register.keep import keep_all_again


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
