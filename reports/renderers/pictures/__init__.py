"""Pictures of one or two years, drawn directly as SVG: bars of steps or bands, dots with intervals, slopes.

Comes in: a `PictureBlock` of an edition.
Goes out: an SVG element.
"""
