"""Records that may be one place or one operator: found, offered to a person, merged, taken apart again."""
