"""Planted flaws: are wrong cues found where they are planted, and none where there are none."""
