"""Who is there: accounts of persons of the roster, signing in, and what their roles let them ask for."""
