"""Issuing and publishing a report in all its forms.

Comes in: the latest releases and the editors' inputs.
Goes out: report folders in the home.
"""
