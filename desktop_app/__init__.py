"""The Qt desktop application, standing on the engine.

- ``worker``   engine work on its lanes, answers on the window's thread
- ``studies``  studies made, opened, packed and merged for the window, without Qt
- ``session``  what is open now: the grader's queue, the image at hand, autosave, conflicts
- ``canvas``   the picture, the regions on it, the tools: from pointer to one change a gesture
- ``tables``   rows of the engine as item models
- ``window``   the frame: menus, first page, banners, keys, theme, preferences
- ``grade``    the grader's page
- ``desk``     what the window is asked for, done: one study at a time

``main`` picks the store and the executors; ``__main__`` decides between window and command line.
"""
