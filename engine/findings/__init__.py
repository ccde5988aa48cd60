"""Findings: extremes, conditions, groups, body parts, candidate wrong cues."""
