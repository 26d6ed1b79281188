"""Sealed on the way: a sender's file encrypted for the task force, with age, and opened in memory.

Comes in: a file as it was sent, and the task force's key, unlocked by a person.
Goes out: the same file with its plain bytes, or the finding that refuses it; on a sender's machine the sealed file.
"""
