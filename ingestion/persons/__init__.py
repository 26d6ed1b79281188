"""Record linkage: which records without a pseudonymous ID describe one person, and decisions on doubtful links.

Comes in: landed rows that count, and files of codes, which are read and discarded.
Goes out: the sealed file of links, and `raw/links.parquet`, by which staging gives such records their person.
"""
