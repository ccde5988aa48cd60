"""From files on disk to images, gradings and the problems found in them.

``find_sources`` sorts the files, ``read_photograph`` and ``read_manifest`` give images,
``read_each`` gives gradings from Darwin, labelme, COCO and masks; ``ImageNames`` finds the image
that a file speaks of.
"""
