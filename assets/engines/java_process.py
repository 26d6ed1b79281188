"""The Java that a session of Spark runs in: begun with a file for its words, ended before this process ends.

Belongs here: that process, and the one private part of PySpark that is used. PySpark keeps its first Java until Python
ends, and has no public way to begin another: the demo, which builds round after round, would go on with a Java that is
gone. So the two names are cleared that it remembers Java by, and its version is pinned exactly.
Does not belong here: settings, tables and what is asked of the session (`spark_engine.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class JavaProcess:
    """A process of Java with a context of Spark in it.

    Attributes:
        process: of the operating system.
        names: the packages of Java, by py4j.
    """

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        """Start it; it lives on where Spark does not begin in it, because the error asks it for its words.

        Args:
            settings: of Spark, beside those of the folder that `SPARK_CONF_DIR` names.
            log: what Java itself says, in the place of the terminal.
        """
        from pyspark import SparkConf, SparkContext  # pyright: ignore[reportMissingImports] - of the extra `spark`
        from pyspark.java_gateway import launch_gateway  # pyright: ignore[reportMissingImports] - of the extra `spark`

        conf: Any = SparkConf(loadDefaults=False).setAll([*settings.items(), ("spark.app.name", "marsad")])
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as words:
            self._gateway: Any = launch_gateway(conf, {"stdout": words, "stderr": words})
        self.process: Any = self._gateway.proc
        self.names: Any = self._gateway.jvm
        SparkContext(conf=conf, gateway=self._gateway).setLogLevel("OFF")

    def end(self) -> None:
        """End Java, which would hold its memory until this process ends, and let another one begin after it."""
        from pyspark import SparkContext  # pyright: ignore[reportMissingImports] - of the extra `spark`

        context: Any = SparkContext
        context._gateway = context._jvm = None
        self._gateway.shutdown()
        self.process.stdin.close()
        self.process.wait(60)
