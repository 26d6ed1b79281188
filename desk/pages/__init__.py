"""How a page of the desk looks and what every request passes: language, texts, refusals, headers.

Comes in: a request, and what a view shows.
Goes out: a page in the reader's language, stored nowhere.
"""
