"""The administrator's pages: accounts, second factors and sessions; the people of the house; its log.

Comes in: what an administrator asks for, or how a person of the roster is to be.
Goes out: a password for one sign-in, an act that waits for two signatures, lines of the log.
"""
