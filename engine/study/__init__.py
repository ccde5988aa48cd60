"""The store of a study: one portable schema, one repository, append-only revisions, audit log."""
