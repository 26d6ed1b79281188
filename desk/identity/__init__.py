"""Who is there: accounts of persons of the roster, signing in, and what their roles let them ask for.

Comes in: a name with a password and the number of a telephone.
Goes out: a person of the home's roster with her roles of today; to all others there is no page.
"""
