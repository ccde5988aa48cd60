"""What each step of a run does with one case: load its pixels, explain it, compare with regions.

Each step is a top-level function of frozen values and opens no study, so that it can run on any
lane, or on another machine.
"""
