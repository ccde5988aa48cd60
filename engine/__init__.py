"""The headless engine, room by room in the order data flows.

- ``domain``        frozen nouns: image, polygon, grading, settings, result rows, problem
- ``tasks``         what a long job is: cancel token, progress, events, executors
- ``images``        file -> upright sRGB picture and its digest
- ``study``         the store: one SQLite file with append-only revisions and an audit log
- ``regions``       polygons -> runs of pixels, vote patterns
- ``formats``       labelme, COCO, Darwin, masks, CSV manifest -> domain values
- ``graders``       who votes, consensus, kappa and its companions, admission
- ``saliency``      model cards, classifiers, Integrated Gradients with SmoothGrad, map cache
- ``localisation``  map against region: one histogram -> every measure; case level
- ``findings``      extremes, conditions, groups, body parts, candidate wrong cues
- ``figures``       the signed-map display, the four panels and the paper's figures
- ``report``        tables, CSV, HTML, run manifest
- ``stages``        what each step of a run does with one case

``pipeline`` is the whole flow on one page; ``reporting`` goes on from there to a report, and
``checking`` asks whether another method would say the same; ``cli`` is the command line;
``doctor`` checks a study.
"""
