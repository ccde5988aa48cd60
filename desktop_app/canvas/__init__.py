"""The picture, the regions on it, and the tools that draw them."""
