"""The paper's figures as plots to look around in, linked by one selection.

- ``histogram``, ``scatter``           one value, or two, of each image; brushed and clicked
- ``conditions``, ``groups``           means of conditions and of groups of patients
- ``body_parts``, ``ranks``, ``matrix``  shares of body parts, ranks under several methods, pairs

``plot`` is what all have in common, ``view`` passes on what the pointer and the keys do, and
``frame`` is the map between numbers and pixels. pyqtgraph lays out axes and ticks; what lies
between them is painted here. Every plot says what it draws in ``data()``, column by column.
"""
