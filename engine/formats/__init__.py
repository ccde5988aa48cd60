"""From files on disk to images, gradings and the problems found in them, and back to files.

``find_sources`` sorts the files, ``read_photograph`` and ``read_manifest`` give images,
``read_each`` gives gradings from annotations of other tools, masks and tables; ``ImageNames``
finds the image that a file speaks of. ``export_gradings`` writes gradings in the same formats.
"""
