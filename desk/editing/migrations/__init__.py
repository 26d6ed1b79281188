"""Changes of the table of drafts, in their order."""
