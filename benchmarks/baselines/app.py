"""The server of the baselines: `raw` (all rows in one request), `bare` (one request a row) and a constant page.

Runs under waitress as ours does. One table each, WAL, synchronous=FULL; nothing is checked.
Each thread keeps its connection, which is kinder to these than opening one a request.
"""

import gzip
import json
import sqlite3
import sys
import threading

from flask import Flask, Response, abort, jsonify, render_template_string, request

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><table>{% for n in range(50) %}<tr><td>{{ n }}</td><td>Cơ sở</td></tr>{% endfor %}</table>
</body></html>"""
_here = threading.local()


def connect(path: str) -> sqlite3.Connection:
    """Open a table for lines and one for records, as safe on the disk as ours."""
    conn = sqlite3.connect(path, timeout=30, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE IF NOT EXISTS lines (n INTEGER PRIMARY KEY, line TEXT NOT NULL)")
    conn.execute("CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
    return conn


app = Flask(__name__)


def db() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(_here, "db"):
        _here.db = connect(app.config["FILE"])
    found: sqlite3.Connection = _here.db
    return found


@app.get("/healthz")
def healthz() -> str:
    """Answer once the file can be opened."""
    db()
    return "ok"


@app.post("/raw")
def take_all() -> Response:
    """Insert every line of a gzip body in one transaction."""
    lines = gzip.decompress(request.get_data(cache=False)).decode().split("\n")
    conn = db()
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany("INSERT INTO lines (line) VALUES (?)", ((line,) for line in lines))
    conn.execute("COMMIT")
    return jsonify(stored=len(lines))


@app.get("/raw")
def give_all() -> Response:
    """Answer every line in one gzip body."""
    lines = "\n".join(row[0] for row in db().execute("SELECT line FROM lines ORDER BY n"))
    return Response(gzip.compress(lines.encode(), 6), mimetype="application/gzip")


@app.delete("/raw")
def forget_all() -> Response:
    """Begin with an empty table again."""
    db().execute("DELETE FROM lines")
    db().execute("VACUUM")
    return jsonify(stored=0)


@app.post("/bare")
def take_one() -> tuple[Response, int]:
    """Insert one record."""
    record = request.get_json()
    db().execute(
        "INSERT INTO records (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        (record["id"], json.dumps(record, ensure_ascii=False)),
    )
    return jsonify(id=record["id"]), 201


@app.get("/bare/<id>")
def give_one(id: str) -> Response:
    """Answer one record."""
    row = db().execute("SELECT body FROM records WHERE id = ?", (id,)).fetchone()
    if row is None:
        abort(404)
    return Response(row[0], mimetype="application/json")


@app.get("/page")
def page() -> str:
    """Answer a page that is always the same."""
    return render_template_string(PAGE, title="Một trang không đổi")


def main() -> None:
    """Serve until stopped: PATH PORT."""
    import waitress

    app.config["FILE"], port = sys.argv[1:]
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=8)


if __name__ == "__main__":
    main()
