"""Who is who: records without a token that are one person, and what persons decided about doubtful ones.

Comes in: landed rows that count, and files of codes, which are read and dropped.
Goes out: the sealed file of links, and `raw/links.parquet`, by which staging gives such records their person.
"""
