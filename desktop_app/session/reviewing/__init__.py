"""What a lead is at: the image at hand, what is decided and undone, names, what is measured."""
