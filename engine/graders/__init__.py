"""Who votes, the consensus, how far graders agree, and which images enter the analysis."""
