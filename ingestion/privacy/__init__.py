"""Privacy checks: what is personal or unexplained in a file, and who may confirm that a word names nobody.

Comes in: sheets and tables.
Goes out: findings that refuse or ask; never a word of the file.
"""
