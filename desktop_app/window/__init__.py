"""The frame: menus, first run, banner, shortcuts, theme, preferences."""
