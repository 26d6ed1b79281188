"""Apache Spark: builds the same models in a Spark session, and copies the results into the warehouse file.

Belongs here: the session, its settings and folders, and the copying. Does not belong here: the SQL that differs
(`dbt_project/macros/dialect.sql`). It needs the extra of `make spark` and Java 17 (`docs/cluster.md`).

Settings come from the folder that `SPARK_CONF_DIR` names: the master, memory, credentials of a cluster. Without one
this machine is the cluster, and a settings file is written for the run. Settings that affect values are made here
whatever the file says. Spark's own log is off, because an error may quote a cell.

    build/spark/conf      the settings of this machine, if SPARK_CONF_DIR names none
    build/spark/java.log  Java's own output, in English
    build/spark/spill     what does not fit in memory
    build/spark/tables    the tables, unless MARSAD_SPARK_TABLES names a folder that all workers reach
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import threading
import uuid
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from assets.engines.java_process import JavaProcess
from ingestion.home import Home
from ingestion.storage import parse_json
from ingestion.warehouse import shut
from languages.refusal import Refusal

VALUES = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an error instead of a silent null
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # the source `007` is not a number
    "spark.sql.parquet.mergeSchema": "true",  # files of one shape may lack each other's columns
    "spark.sql.catalogImplementation": "in-memory",  # a run makes all its tables: nothing must be remembered
}
"""Settings that affect values, or what a run may leave behind: applied whatever a settings file says."""

_NO_LOG = """appender.none.type = Null
appender.none.name = none
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
"""
"""Without an appender Spark uses its own settings, which print warnings."""

_SCHEMA = "main"
_FACTS = "__facts"


def settings_of_this_machine(folder: Path) -> dict[str, str]:
    """Return Spark's settings if this machine is the cluster; it cannot be reached from another machine."""
    return {
        "spark.master": "local[*]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "4g",  # what does not fit is spilled
        "spark.local.dir": str(folder / "spill"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",  # small: they run one after another here
        "spark.network.timeout": "1h",  # a machine that was suspended meanwhile continues
        "spark.executor.heartbeatInterval": "5m",
    }


def write_settings(folder: Path, settings: Mapping[str, str]) -> None:
    """Write a settings folder for `SPARK_CONF_DIR`; Spark's log is off in it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(lines, encoding="utf-8")
    (folder / "log4j2.properties").write_text(_NO_LOG, encoding="utf-8")


class SparkEngine:
    """A session of Spark that lives as long as one build."""

    target = "spark"

    def __init__(self, home: Home) -> None:
        """Check the requirements; nothing is started.

        Raises:
            Refusal: `spark_missing` without the extra of `make spark`; `java_missing`.
        """
        if not all(importlib.util.find_spec(name) for name in ("pyspark", "dbt.adapters.spark")):
            raise Refusal("spark_missing")
        java = os.environ.get("JAVA_HOME")
        if not (java and (Path(java) / "bin" / "java").exists()) and not shutil.which("java"):
            raise Refusal("java_missing")
        self._home = home
        self._folder = home.build / "spark"
        self._run, self._tables = f"run-{uuid.uuid4().hex[:12]}", ""
        self.session: Any = None
        self._java: JavaProcess | None = None
        self.environment = {
            "MARSAD_RAW": f"file://{home.raw}",
            "MARSAD_BUILD": str(home.build / "warehouse.duckdb"),  # required by DuckDB's profile
        }

    def start(self) -> None:
        """Remove what a killed run left, write this machine's settings if no others are given, start Spark.

        Raises:
            Refusal: `spark_failed` with Spark's own words.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        for left in self._home.build.glob("warehouse.duckdb*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        own = self._folder / "conf"
        if "SPARK_CONF_DIR" not in os.environ:
            write_settings(own, settings_of_this_machine(self._folder))
        self._tables = os.environ.get("MARSAD_SPARK_TABLES", f"file://{self._folder / 'tables'}")
        self._begin(VALUES | {"spark.sql.warehouse.dir": f"{self._tables}/{self._run}"}, own)

    def _begin(self, settings: Mapping[str, str], own: Path) -> None:
        from py4j.protocol import Py4JError  # pyright: ignore[reportMissingImports] - of the extra `spark`
        from pyspark.errors import PySparkException  # pyright: ignore[reportMissingImports] - of the extra `spark`
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports] - of the extra `spark`

        log = self._folder / "java.log"
        builder: Any = SparkSession.builder
        with _set_environment(own), _keep_handlers():
            try:
                self._java = JavaProcess(settings, log)
                self.session = builder.config(map=dict(settings)).getOrCreate()
            except (PySparkException, Py4JError, OSError) as error:
                raise Refusal("spark_failed", where=first_words(error, log)) from error

    def row_count(self, relation: str) -> None:
        """Return None: counting would be a Spark job for each table."""

    def let_go(self) -> None:
        """Do nothing: the session is ours."""

    def interrupt(self) -> None:
        """Cancel running jobs."""
        if self.session is not None:
            self.session.sparkContext.cancelAllJobs()

    def failed_in(self, view: str) -> list[str]:
        """Query the session."""
        rows = self.session.sql(f"select distinct failed_in from {view.replace(chr(34), '`')}").collect()  # noqa: S608
        return sorted(str(row[0]) for row in rows)

    def complete(self) -> None:
        """Check the cards' `not_null` on the tables, and write what the packages above read into the warehouse file.

        Raises:
            Refusal: `dbt_failed` with the models that hold a null where their card allows none.
        """
        models = _models(self._home)
        broken = [model["name"] for model in models if self.lacks_a_value(model)]
        if broken:
            raise Refusal("dbt_failed", where=", ".join(broken[:5]), count=len(broken))
        import duckdb

        with duckdb.connect(self.environment["MARSAD_BUILD"]) as connection:
            shut(connection, self._folder)
            for model in models:
                for name in _collected_relations(model):
                    self._collect(connection, name, model["columns"].values())

    def stop(self) -> None:
        """Drop the tables wherever they are, end the session and its process, remove the run's folder."""
        java, session = self._java, self.session
        self._java = self.session = None
        if java is None:
            return
        with ExitStack() as ending:
            ending.callback(shutil.rmtree, self._folder, ignore_errors=True)
            ending.callback(java.end)
            if session is not None and java.process.poll() is None:  # a dead Java cannot drop tables
                ending.callback(session.stop)
                session.sql(f"drop database if exists {_SCHEMA} cascade")

    @property
    def java(self) -> JavaProcess:
        """The Java that the session runs in.

        Raises:
            RuntimeError: before `start` and after `stop`.
        """
        if self._java is None:
            raise RuntimeError("Spark is not started")
        return self._java

    @contextmanager
    def bring_relation(self, name: str) -> Generator[str]:
        """Copy a relation to this machine as Parquet files, removed at the end; yield the pattern of their names.

        The workers write them next to the tables, which all of them reach, and Hadoop's own client copies them: no
        relation has to fit into the memory of this process or of the session.
        """
        apache, rest = self.java.names.org.apache, f"collected-{name}"
        hadoop = apache.hadoop.fs
        remote, here = hadoop.Path(f"{self._tables}/{self._run}/{rest}"), self._folder / rest
        files = remote.getFileSystem(apache.spark.SparkContext.getOrCreate().hadoopConfiguration())
        try:
            self.session.table(f"{_SCHEMA}.{name}").write.parquet(remote.toString())
            files.copyToLocalFile(True, remote, hadoop.Path(f"file://{here}"), True)  # moved, without checksum files
            yield f"{here}/*.parquet"
        finally:
            files.delete(remote, True)
            shutil.rmtree(here, ignore_errors=True)

    def lacks_a_value(self, model: Mapping[str, Any]) -> bool:
        """Return whether a model holds a null where its card allows none."""
        never_null = [column["name"] for column in model["columns"].values() if column.get("constraints")]
        if not never_null:
            return False
        asked = f"select 1 from {_SCHEMA}.{model['name']} where {' is null or '.join(never_null)} is null limit 1"  # noqa: S608
        return bool(self.session.sql(asked).collect())

    def _collect(self, connection: Any, name: str, columns: Iterable[Mapping[str, Any]]) -> None:  # noqa: ANN401
        """Write one relation through Parquet files, with the types of its card if it has one."""
        typed = ", ".join(f"cast({column['name']} as {column['data_type']}) as {column['name']}" for column in columns)
        with self.bring_relation(name) as files:
            connection.execute(f"create table {name} as select {typed or '*'} from read_parquet($1)", [files])  # noqa: S608


def _models(home: Home) -> list[dict[str, Any]]:
    nodes = parse_json((home.dbt_target / "manifest.json").read_bytes())["nodes"].values()
    return sorted((node for node in nodes if node["resource_type"] == "model"), key=lambda node: node["name"])


def _collected_relations(model: Mapping[str, Any]) -> list[str]:
    """Return the relations of a model that other packages read: indicators with their facts, records, and facts."""
    name: str = model["name"]
    if name.startswith("ind_"):
        return [name, f"{name}{_FACTS}"]
    return [name] if name.startswith("fct_") or name == "dim_record" else []


def first_words(error: Exception, log: Path) -> str:
    """Return Java's message: from an error that carries it, without the stack; if Java did not start, its whole log."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if "JAVA_GATEWAY_EXITED" in lines[0]:
        return " ".join(log.read_text(encoding="utf-8", errors="replace").split()) or lines[0]
    return next((line.removeprefix(": ") for line in lines if line.startswith(": ")), lines[0])


@contextmanager
def _set_environment(own: Path) -> Generator[None]:
    """Set the settings folder while Spark starts; nothing of a run stays in the environment."""
    added = {} if "SPARK_CONF_DIR" in os.environ else {"SPARK_CONF_DIR": str(own), "SPARK_LOCAL_IP": "127.0.0.1"}
    os.environ |= added
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


@contextmanager
def _keep_handlers() -> Generator[None]:
    """Restore the handlers of SIGINT, which Spark replaces."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
