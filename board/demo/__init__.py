"""A realistic centre to try the product on, made by the product's own actions: the same for the same moment."""

DEMO_PASSWORD = "shift-change-2026"  # noqa: S105 - published; a database with real people refuses it
