"""The signed-map display and the figures of the paper."""
