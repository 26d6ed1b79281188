"""Any table as a list of cells and sums: the range of each hidden cell.

Comes in: cells, what is printed of each, sums between them.
Goes out: bounds with proof, contradictions.
"""
