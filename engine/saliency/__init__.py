"""Model cards, classifiers, Integrated Gradients with SmoothGrad, and the cache of maps.

torch is imported inside this room alone, and only when a model is opened.
"""
