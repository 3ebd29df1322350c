"""The year's assignment list: proposed by the program, by rules that anybody can read, and decided by people."""
