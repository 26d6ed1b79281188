"""How a page of the desk looks and what every request passes: language, texts, refusals, uploads, headers."""
