"""The analyst's page: a model chosen, run, and looked at from every side."""
