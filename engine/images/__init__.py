"""From a file to an upright sRGB picture and its digest."""
