"""Model cards, classifiers of images and of cases, saliency methods, and the cache of maps.

torch is imported inside this room alone, and only when a model is opened.
"""

import os

# On a machine that has other work, torch's threads otherwise spend most of their time spinning
# for one another: a map took 7 to 17 s beside one busy process, and 2 s with this.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
