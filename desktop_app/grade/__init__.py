"""The grader's page."""
