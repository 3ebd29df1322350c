"""Receipts proven from what a laptop stored, as in court, by docs/sync.md 5 to 7 written here a second time."""

import hashlib
import json
from base64 import b64decode
from collections import defaultdict
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_client.store import get_meta
from tests.simulator.ends import CentralEnd, LaptopEnd

Row = tuple[int, str, str, str]  # seq, name, standing, detail


def _next(before: str, row: Row) -> str:
    seq, name, standing, detail = row
    return hashlib.sha256(f"{before} {seq} {name} {standing} {detail}".encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def the_chain_is_what_the_page_says(central: CentralEnd) -> None:
    """Walk the server's arrivals from the first."""
    head = "0" * 64
    for seq, name, standing, detail, chain in central.all(
        "SELECT seq, item, standing, detail, chain FROM arrivals ORDER BY seq"
    ):
        head = _next(head, (seq, name, standing, detail))
        assert head == chain, f"the chain is another at arrival {seq}"


def receipts_are_proven(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Prove every receipt from the seals and rows that the laptop kept."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(get_meta(laptop.conn, "server_key")))
    proofs = {row[0]: row[1:] for row in laptop.all(
        "SELECT id, lineage, first, last, before, after, receipts, signature, rows FROM proofs")}  # fmt: skip
    under: dict[int, list[Row]] = defaultdict(list)
    for row in laptop.all("SELECT proof, seq, name, first_standing, first_detail FROM own ORDER BY seq"):
        if row[2] not in laptop.lost and row[0]:  # what was fetched after a restore and erased at once has no seal
            under[row[0]].append(row[1:])
    for id, kept in under.items():
        _proves(f"{laptop.name}: proof {id}", key, proofs[id], kept)
        for seq, name, standing, _ in kept:
            row = central.all("SELECT item, standing FROM arrivals WHERE seq = ?", seq)
            assert row == [(name, standing)], f"{laptop.name}: the server's arrival {seq} is another"


def _proves(what: str, key: Ed25519PublicKey, proof: tuple[Any, ...], kept: list[Row]) -> None:
    lineage, first, last, before, after, receipts, signature, rows = proof
    signed = "\n".join(map(str, ("doi178-batch-1", lineage, first, last, before, after, receipts)))
    try:
        key.verify(b64decode(signature), signed.encode())
    except InvalidSignature:
        raise AssertionError(f"{what} is not signed by the server") from None
    said = json.loads(rows) if rows else [
        [seq, standing, *([json.loads(detail)] if detail else [])] for seq, _, standing, detail in kept
    ]  # fmt: skip
    assert hashlib.sha256(_text(said).encode()).hexdigest() == receipts, f"{what} does not prove its rows"
    known = {row[0]: (row[1], _text(row[2]) if len(row) > 2 and row[2] else "") for row in said}
    assert all(known[seq] == (standing, detail) for seq, _, standing, detail in kept), f"{what}: a receipt changed"
    inside = [row for row in kept if first <= row[0] <= last]
    if not first or len(inside) < last - first + 1:
        assert rows, f"{what} lacks items of its own"
        return
    for row in inside:
        before = _next(before, row)
    assert before == after, f"{what}: its chain does not lead on"
