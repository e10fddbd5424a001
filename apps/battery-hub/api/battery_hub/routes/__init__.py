"""HTTP endpoints, one file per subject."""
