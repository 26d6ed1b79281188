"""The door: everything between a table and the public.

Candidates, protection, suites, the gate, releases and the ledger. The only package that imports Great Expectations.

Comes in: indicators from the warehouse, and everything released before.
Goes out: candidates, verdicts, releases and the ledger.
"""
