"""What each agency sees of the invented country and sends, and when: the one list of all files.

Belongs here: the order of all deliveries. Does not belong here: one agency's view (`bodies/`), spelling or layout.
"""

from __future__ import annotations

from samples.bodies import interior, iom, judicial, kurdistan, labour, residence, task_force, unodc
from samples.bodies.sight import LetterDelivery
from samples.life.country import Country


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return every file ever sent, ordered by letter date, then by file name."""
    sent = [
        body
        for module in (interior, judicial, labour, unodc, task_force, kurdistan, residence, iom)
        for body in module.deliveries(country)
    ]
    return sorted(sent, key=lambda delivery: (delivery.letter_date, delivery.file_name))
