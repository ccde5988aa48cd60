"""The Qt desktop application, standing on the engine.

- ``worker``   engine work on its lanes, answers on the window's thread
- ``studies``  studies made, opened, packed and merged for the window, without Qt
- ``session``  what is open now: a grader's queue, a lead's review, an analyst's runs; no widgets
- ``canvas``   the picture, the regions on it, the tools: from pointer to one change a gesture
- ``tables``   rows of the engine as tables that sort, filter and search themselves
- ``plots``    the paper's figures to point at, linked by one selection
- ``window``   the frame: menus, first page, banners, keys, theme, preferences, pages
- ``setup``    what a study is told: imports, people, assignment, instructions, settings
- ``grade``    the grader's page
- ``review``   the lead's page
- ``explain``  the analyst's page
- ``desk``     what the window is asked for, done: one study at a time

``main`` picks the store and the executors; ``__main__`` decides between window and command line.
"""
