"""Words, numbers and dates in each language: one gettext catalogue a language, looked up by key."""
