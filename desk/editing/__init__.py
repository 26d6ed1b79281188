"""The report's texts in a browser: written beside the figures, seen as a page, sentences read by native readers.

Comes in: an editor's words, which stay as her draft until they are saved; a reader's judgement of a sentence.
Goes out: pages with places for texts, previews, what keeps a text out of the report.
"""
