"""The line over HTTP: batches up, pages down, enrolment. HTTPS with the server's key pinned, whoever signed it."""

import json
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import InsecureRequestWarning, SSLError

from schemas.fields import instant_text
from sync.errors import BadReply, OtherHistory, OtherScope, Refused, ServerFault, Unreachable
from sync.moving import follow
from sync.names import Answer, OwnPage, Question, read_answer, read_own, write_question
from sync.wire import Batch, Page, Reply, read_page, read_reply, write_batch

TIMEOUT = (10, 60)  # seconds to connect, and between two bytes of the answer
KEY_PATH = "/api/v1/key"
MOVES_LIMIT = 100_000
NAMES_TYPE = "application/vnd.doi178.names+gzip"
BATCH_TYPE = "application/vnd.doi178.batch+gzip"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def key_fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of the public key in a DER *certificate*: it outlives the certificate."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()


Sockets = WeakSet[socket.socket]


class _PlainConnection(HTTPConnection):
    """A connection on loopback, or behind a proxy that ends TLS; its socket is remembered."""

    sockets: Sockets = WeakSet()

    def connect(self) -> None:
        super().connect()
        self.sockets.add(cast(socket.socket, self.sock))


class _PinnedConnection(HTTPSConnection):
    """A TLS connection that goes no further than the handshake with another key than the pinned one."""

    pin: str | None = ""
    sockets: Sockets = WeakSet()

    def connect(self) -> None:
        super().connect()
        self.sockets.add(cast(socket.socket, self.sock))
        certificate = cast(Any, self.sock).getpeercert(binary_form=True)
        if self.pin is not None and key_fingerprint(certificate) != self.pin:
            self.close()
            raise SSLError("the key is not the pinned one")


class _Pinned(HTTPAdapter):
    """Carries the pin into every connection. The pin replaces the name check: there is no domain.

    None pins nothing; it is for the one question that says nothing of who asks. The sockets
    that it opens are kept in *sockets* as long as they live.
    """

    def __init__(self, pin: str | None, sockets: Sockets) -> None:
        urllib3.disable_warnings(InsecureRequestWarning)  # what it misses is what the pin gives
        connection = type("PinnedConnection", (_PinnedConnection,), {"pin": pin, "sockets": sockets})
        self.pool = type("PinnedPool", (HTTPSConnectionPool,), {"ConnectionCls": connection})
        plain = type("PlainConnection", (_PlainConnection,), {"sockets": sockets})
        self.plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain})
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, cert_reqs="CERT_NONE", assert_hostname=False, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            **self.poolmanager.pool_classes_by_scheme,
            "https": self.pool,
            "http": self.plain,
        }

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_NONE"
        conn.assert_hostname = False


class HttpLine:
    """A line to the server: an Uplink and a Downlink (sync.engine), with the device's credential.

    `fingerprint` is the key that the line trusts. Where the server has moved to another, and
    the old one has signed that, the line goes on with the new one, and so says it.
    """

    waits = True

    def __init__(self, address: str, fingerprint: str, credential: str = "", report: str = "") -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("Địa chỉ máy chủ không đúng; cần dạng https://…", slug="bad-address")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise Refused("Máy chủ phải dùng https; hỏi lại địa chỉ ở văn phòng.", slug="plain-http")
        self.address = address.rstrip("/")
        self.sockets: Sockets = WeakSet()
        self.stopped = threading.Event()
        self.session = _session(fingerprint, self.sockets)
        self.fingerprint = fingerprint
        if credential:
            self.session.headers["Authorization"] = f"Bearer {credential}"
        if report:
            self.session.headers["Doi178-Report"] = report
        self.bytes_up = self.bytes_down = 0
        self.heard = ""  # what the server's clock said with the last answer

    def cut(self) -> None:
        """End what is under way, from another thread, and ask nothing more: all of it is Unreachable."""
        self.stopped.set()
        for one in list(self.sockets):
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # not as TLS does it: that waits for the other end

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send *lines* as one batch and return the answer."""
        body = lines.pack() if isinstance(lines, Batch) else write_batch(lines)
        headers = {"Content-Type": BATCH_TYPE}
        return read_reply(self._ask("POST", "/api/v1/batches", data=body, headers=headers), list(lines))

    def since(self, cursor: str) -> Page:
        """Return the next page after *cursor*."""
        return read_page(self._ask("GET", "/api/v1/changes", params={"after": cursor}))

    def compare(self, question: Question, key: Ed25519PublicKey) -> Answer:
        """Ask whether the server holds the same of this laptop's own items."""
        body = write_question(question)
        headers = {"Content-Type": NAMES_TYPE}
        answer = self._ask("POST", "/api/v1/reconcile", data=body, headers=headers)
        return read_answer(answer, question, body, key)

    def own(self, after: int) -> OwnPage:
        """Return the next of this laptop's own items after a sequence."""
        return read_own(self._ask("GET", "/api/v1/own", params={"after": after}))

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem an enrolment code; again with the same key it gives the same credential.

        *proof* is sync.enrolment.proof of the key: a laptop that comes back is the same laptop. *device* is
        the id it had: a server restored from before it came takes it in under that id again.
        """
        given = {"code": secret, "name": name, "public_key": public_key, "proof": proof, "device": device}
        answer = json.loads(self._ask("POST", "/api/v1/enrol", json=given))
        if not isinstance(answer, dict):
            raise BadReply("The answer to the enrolment is no object.")
        return answer

    def _ask(self, method: str, path: str, **kwargs: Any) -> bytes:
        return self.ask(method, path, **kwargs).content

    def ask(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Ask the server and return its answer; one that is no success is raised as a LineError."""
        try:
            answer = self._try(method, path, **kwargs)
        except requests.exceptions.SSLError as error:
            if self.stopped.is_set():
                raise Unreachable("The line was cut here.") from None
            answer = self._by_the_new_key(error, method, path, **kwargs)
        self.bytes_up += int(answer.request.headers.get("Content-Length") or 0)
        self.bytes_down += len(answer.content)
        self.heard = _moment(answer.headers.get("X-Server-Time", "")) or self.heard
        if answer.ok:
            return answer
        raise _refusal(answer)

    def _try(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        if self.stopped.is_set():
            raise Unreachable("The line was cut here.")
        try:
            return self.session.request(method, self.address + path, timeout=TIMEOUT, **kwargs)
        except requests.exceptions.SSLError:
            raise
        except requests.RequestException as error:
            raise Unreachable(str(error)) from None

    def _by_the_new_key(self, error: Exception, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Ask again of a server that has moved to another key, where the pinned one says so; else refuse.

        Nothing of this laptop went out, nor does it before the new key is pinned.
        """
        moved = follow(self.fingerprint, _moves(self.address))
        if moved != self.fingerprint:
            self.session.mount("https://", _Pinned(moved, self.sockets))
            try:
                answer = self._try(method, path, **kwargs)
            except requests.exceptions.SSLError as again:
                error = again
            else:
                self.fingerprint = moved
                return answer
            self.session.mount("https://", _Pinned(self.fingerprint, self.sockets))
        raise Refused("Khóa của máy chủ không phải khóa đã đăng ký; hỏi văn phòng.", slug="other-key") from error


def _session(fingerprint: str | None, sockets: Sockets) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Pinned(fingerprint, sockets))
    return session


def _moves(address: str) -> list[Any]:
    """Fetch how the server's key has moved: from whoever answers, and with nothing that tells who asks."""
    not_one = (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, AttributeError, RecursionError)
    with _session(None, WeakSet()) as stranger, suppress(*not_one):
        answer = stranger.get(address + KEY_PATH, timeout=TIMEOUT, stream=True, allow_redirects=False)
        found = json.loads(answer.raw.read(MOVES_LIMIT, decode_content=True)).get("moves")
        return found if answer.ok and isinstance(found, list) else []
    return []


def _moment(text: str) -> str:
    try:
        return instant_text(datetime.fromisoformat(text))
    except ValueError:
        return ""


def _refusal(answer: requests.Response) -> Exception:
    """Turn an answer that is no success into the error that says what to do."""
    try:
        problem = answer.json()
        slug = str(problem.get("type", "")).rpartition("/")[2]
        detail = str(problem.get("detail") or problem.get("title") or "")
        statement = problem.get("statement")
    except (ValueError, AttributeError):
        slug, detail, statement = "", "", None
    status = answer.status_code
    if status in {429, 503}:
        wait = answer.headers.get("Retry-After", "")
        return Unreachable(detail or "The server is busy.", retry_after=float(wait) if wait.isdigit() else 30.0)
    if status >= 500:
        return ServerFault(detail or f"The server answered {status}.")
    if slug == "other-history":
        return OtherHistory(detail, slug=slug, status=status)
    if slug == "other-scope":
        return OtherScope(detail, slug=slug, status=status)
    return Refused(detail or f"Máy chủ trả lời {status}.", slug=slug or "refused", status=status, statement=statement)
