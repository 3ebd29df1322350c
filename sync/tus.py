"""The files' door of a server, over HTTP: tus 1.0."""

import io
from base64 import b64encode

from requests import Response

from sync.errors import BadReply, Refused
from sync.files import Parcel, Where
from sync.http import HttpLine

_TUS = {"Tus-Resumable": "1.0.0"}


class HttpFiles:
    """The files' door of a server (tus 1.0), over the line that the records go by."""

    def __init__(self, line: HttpLine) -> None:
        self.line = line

    def begin(self, parcel: Parcel) -> Where:
        """Begin an upload; a file that the server has is whole at once."""
        said = {"attachment": parcel.attachment, "sha256": parcel.sha256, "type": parcel.type}
        pairs = (f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {"Upload-Length": str(parcel.size), "Upload-Metadata": ",".join(pairs)}
        answer = self.line.ask("POST", "/api/v1/files", headers=_TUS | headers)
        upload = answer.headers.get("Location", "").rpartition("/")[2]
        if not upload:
            raise BadReply("The answer names no upload.")
        return _where(upload, answer)

    def how_far(self, upload: str) -> Where | None:
        """Ask how far an upload is, None when it is no more."""
        try:
            return _where(upload, self.line.ask("HEAD", f"/api/v1/files/{upload}", headers=_TUS))
        except Refused as error:
            if error.status in {404, 410, 415, 422}:  # why, the next beginning says
                return None
            raise

    def go_on(self, upload: str, offset: int, piece: bytes) -> Where:
        """Send *piece*, which begins at *offset*, and return how far the server is then."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        body = io.BytesIO(piece)  # read in small parts: each has the time-out for itself, not the whole piece
        return _where(upload, self.line.ask("PATCH", f"/api/v1/files/{upload}", headers=_TUS | headers, data=body))


def _where(upload: str, answer: Response) -> Where:
    offset, seq = answer.headers.get("Upload-Offset", ""), answer.headers.get("Doi178-Seq", "0")
    if not (offset.isdigit() and seq.isdigit()):
        raise BadReply("The answer does not say how far the upload is.")
    return Where(upload, int(offset), int(seq))
