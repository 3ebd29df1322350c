"""The bundle on a USB stick, at the server: batches come in, answers and pages go back. Its form: docs/bundle.md."""

from server.bundle.coming_in import bundle_in
from server.bundle.devices import Handover, Taken
from server.bundle.going_back import bundle_out

__all__ = ["Handover", "Taken", "bundle_in", "bundle_out"]
