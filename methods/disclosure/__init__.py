"""Statistical disclosure control in the words of the SDC handbook (Hundepool et al., 2012).

Pure functions over published cells; thresholds and `never` lists come from the cards of `expectations/datasets`.

Comes in: cells, what is printed of them, and the sums between them.
Goes out: what may be printed, or what can be learnt.
"""
