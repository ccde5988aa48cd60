"""Files of other tools to domain values: images, a manifest, graders' regions."""
