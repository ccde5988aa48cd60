"""What the pointer does with each tool, without a window: states in, states and intents out."""

from desktop_app.canvas.tools.tool import Tool

__all__ = ["Tool"]
