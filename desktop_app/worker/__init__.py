"""Engine work on its lanes, its events on the GUI thread."""
