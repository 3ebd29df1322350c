"""`make catalogue`: bring the English catalogue up to what code and templates say, and name what has no English."""

import sys

from tests.catalogue.catalogue import MO, PO, as_mo, as_po, missing, read, updated

catalogue = updated(read())
PO.parent.mkdir(parents=True, exist_ok=True)
PO.write_bytes(as_po(catalogue))
MO.write_bytes(as_mo(catalogue))
left = missing(catalogue)
print(f"{len(catalogue)} messages, {len(left)} without English.", file=sys.stderr)
print("\n".join(left))
