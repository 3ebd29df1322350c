"""The page of what is not plainly in the truth: compared side by side, and decided by a person."""
