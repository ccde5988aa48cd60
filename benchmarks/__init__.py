"""What the product promises about speed and memory, measured beside its peers in one run."""
