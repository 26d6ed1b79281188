"""Every model means the same on both engines: compiled for each, parsed as each, with no word of one engine alone.

Whether the rows are equal is asked by `tests/second_engine`, which takes Java; this takes the text alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot.errors import ParseError
from sqlglot.tokens import Token, TokenType

from tests.house.conftest import Compiled

ENGINES = ("duckdb", "spark")

# What a model may call by itself: it means the same in DuckDB and in Spark, null and order included.
BOTH = {
    "abs", "bit_count", "bit_or", "bool_and", "bool_or", "cast", "coalesce", "count", "extract", "floor", "lead", "max",
    "min", "position", "replace", "round", "row_number", "sum", "upper",
}  # fmt: skip
# What only `macros/dialect.sql` writes, by engine.
OWN = {
    "duckdb": {
        "arg_min", "arg_min_null", "date_diff", "error", "hash", "read_parquet", "row", "string_agg", "string_split",
        "unnest",
    },
    "spark": {
        "array_join", "collect_list", "datediff", "explode", "min_by", "raise_error", "sort_array", "split", "struct",
        "xxhash64",
    },
}  # fmt: skip
TYPES = {"bigint", "boolean", "date", "double", "integer", "string"}
_KEYWORDS = {
    "all", "and", "as", "by", "case", "else", "exists", "filter", "from", "in", "join", "not", "on", "or", "over",
    "select", "then", "using", "when", "where",
}  # fmt: skip


def foreign_words(sql: str, engine: str) -> Iterator[str]:
    """Yield what a text says that not both engines know: calls, and types of casts; parsing refuses the rest."""
    tokens = sqlglot.tokenize(sql, read=engine)
    called: list[str] = []
    for before, token in itertools.pairwise(tokens):
        if token.token_type == TokenType.L_PAREN:
            name = before.text.lower() if _is_a_name(before) else ""
            called.append(name)
            if name and name not in BOTH | OWN[engine]:
                yield f"{name}()"
        elif token.token_type == TokenType.R_PAREN and called.pop() == "cast" and before.text.lower() not in TYPES:
            yield f"as {before.text}"
    dialect = sqlglot.Dialect.get_or_raise(engine)
    assert all(dialect.parser().parse(tokens, sql))


def _is_a_name(token: Token) -> bool:
    return token.text.isidentifier() and token.text.lower() not in _KEYWORDS


@pytest.mark.parametrize("engine", ENGINES)
def test_every_model_is_sql_of_both_engines(compiled: Compiled, engine: str) -> None:
    texts = compiled(engine)
    assert len(texts) > 200
    found = {name: sorted(set(foreign_words(sql, engine))) for name, sql in texts.items()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select list_sort(codes) from records", ["list_sort()"]),
        ("select cast(person as varchar) from records", ["as varchar"]),
        ("select cast(coalesce(person, cast('1' as text)) as string) from records", ["as text"]),
        ("select count(*) filter (where (person) in ('a')) from (select person from records) as named", []),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_one_engine_alone_understands_is_found(engine: str, sql: str, told: list[str]) -> None:
    assert list(foreign_words(sql, engine)) == told


def test_what_is_no_sql_of_an_engine_is_refused() -> None:
    with pytest.raises(ParseError):
        list(foreign_words("select person from records qualify", "spark"))
