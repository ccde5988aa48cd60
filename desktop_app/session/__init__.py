"""What is open now, and how it is kept."""
