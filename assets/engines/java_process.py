"""The Java process of a Spark session: started with a file for its output, ended before this process ends.

Belongs here: that process, and the one private part of PySpark that is used. PySpark keeps its first Java until Python
ends, and has no public way to start another: the demo, which builds round after round, would continue with a dead Java.
So the two names by which it remembers Java are cleared, and its version is pinned exactly.
Does not belong here: settings, tables and queries of the session (`spark_engine.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class JavaProcess:
    """A Java process with a Spark context in it.

    Attributes:
        process: of the operating system.
        names: the packages of Java, by py4j.
    """

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        """Start it; if Spark fails to start in it, it lives on, because the error asks it for its message.

        Args:
            settings: of Spark, besides those in the folder that `SPARK_CONF_DIR` names.
            log: receives Java's own output in place of the terminal.
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
        """End Java, which would hold its memory until this process ends, and allow another one to start."""
        from pyspark import SparkContext  # pyright: ignore[reportMissingImports] - of the extra `spark`

        context: Any = SparkContext
        context._gateway = context._jvm = None
        self._gateway.shutdown()
        self.process.stdin.close()
        self.process.wait(60)
