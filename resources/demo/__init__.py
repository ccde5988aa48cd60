"""The demo study: photographs nobody took, graders who do not exist, a classifier with a flaw."""
