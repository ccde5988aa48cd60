"""From polygons to runs of pixels by the pixel-centre rule, and the votes over them."""
