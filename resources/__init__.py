"""Icons, themes, vocabularies, the demo study and its classifier."""
