"""The bundle on a USB stick, as a laptop writes it and takes what comes back. Its form: docs/bundle.md."""

from field_client.bundle.coming_in import Got, bundle_in
from field_client.bundle.going_out import Sent, bundle_out
from field_client.bundle.handover import Handover

__all__ = ["Got", "Handover", "Sent", "bundle_in", "bundle_out"]
