"""Setting a study up: imports, people, assignment, instructions, settings, and the log."""
