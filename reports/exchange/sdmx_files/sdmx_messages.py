"""SDMX messages as pysdmx writes them, with a common header.

Belongs here: the header and the call. Messages on invented figures are marked as tests. A release has no date, so the
date of preparation, which the standard requires, is the Unix epoch.
Does not belong here: the content of a message.
"""

from __future__ import annotations

import datetime

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import Organisation
from pysdmx.model.message import Header

from reports.released.released_folder import ReleasedFolder

AGENCY = "IQ_CTTF"
_NO_DAY = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def write_message(content: object, to: Format, released: ReleasedFolder) -> str:
    """Return a message about a release in the format `to`: a dataset, or a list of artefacts."""
    header = Header(  # a new one for each message: the data writer changes it
        id=f"{released.dataset}_{released.version}".upper(),
        test=released.is_invented,
        prepared=_NO_DAY,
        sender=Organisation(id=AGENCY),
    )
    text = write_sdmx(content, to, header=header)
    if text is None:
        raise RuntimeError(to.name)
    return text
