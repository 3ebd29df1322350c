"""Papers on A4: a text from the office or the program, filled with what is known, set as PDF and as pictures."""
