"""What a code on printed minutes proves: one of four answers, open to everybody."""
