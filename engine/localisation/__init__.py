"""Map against region: one joint histogram gives every measure; images of a case become one row."""
