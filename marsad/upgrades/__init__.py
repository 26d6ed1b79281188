"""From an older home to one of today, step by step.

Comes in: a home that an older Marsad wrote.
Goes out: the same home in the format of this one, or its refusal.
"""
