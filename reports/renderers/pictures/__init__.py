"""Pictures of one year or of two, drawn as SVG by hand: bars of steps or bands, dots with intervals, slopes.

Comes in: a `PictureBlock` of an edition.
Goes out: an SVG element.
"""
