"""``python -m engine.cli`` is ``dermconcord``."""

from engine.cli import main

main()
