"""What `marsad doctor` looks at: everything of a home that a hash, a chain or a seal exists for, and what can be read.

Comes in: a home in whatever state.
Goes out: refusals, each with what mends it, and the places that were not looked at.
"""
