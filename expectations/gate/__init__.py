"""The gate: rules and attacks on the very bytes that would be released.

Comes in: final cells.
Goes out: a verdict on each dataset.
"""

import sys

# Great Expectations asks for each engine it could use. Where Spark is installed beside it, to be asked for its client
# ends every process that has no file of its own, a worker of the tests or `python -c`: it takes it for a doctest.
sys.modules.setdefault("pyspark.sql.connect", None)  # pyright: ignore[reportArgumentType] - as Python's own docs say
