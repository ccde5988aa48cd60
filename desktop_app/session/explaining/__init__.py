"""What an analyst is at: the choice of a model, runs, their findings, pictures and exports."""
