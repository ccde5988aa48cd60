"""Tables, CSV and the run manifest: what is on screen and what is exported, from one code."""
