"""The table in memory answers as DynamoDB does, whatever is asked in whatever order."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from functions.shared.aws.clients import Aws, ClientError
from functions.shared.state.dynamo_table import DynamoTable
from functions.shared.state.memory_table import MemoryTable
from functions.shared.state.table import ConflictError, Item, Table
from tests.unit.dynamo import create_table

_NAMES: Final = ("state", "due", "agenda", "revision")


@pytest.fixture(scope="module")
def dynamo() -> Iterator[Callable[[], DynamoTable]]:
    """Makes an empty table in an emulated DynamoDB."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        client = Aws("eu-west-1").dynamodb

        def empty() -> DynamoTable:
            if client.list_tables()["TableNames"]:
                client.delete_table(TableName="state")
            return create_table(client)

        yield empty


_PK = st.sampled_from(["CAPS", "GUARD"])
_SK = st.sampled_from(["A", "AB", "B", "é", "z"])
_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["open", "over", ""]),
        "revision": st.integers(0, 2),
        "due": st.integers(-1, 2),
        "agenda": st.sampled_from(["tell", "digest"]),
        "stopped": st.booleans(),
    },
)
_CONDITION = st.none() | st.fixed_dictionaries(
    {}, optional={"revision": st.integers(0, 2), "stopped": st.booleans()}
)
Step = Callable[[Table], Any]


def _item(pk: str, sk: str, values: dict[str, Any]) -> Item:
    return {"pk": pk, "sk": sk, **values}


_STEPS = st.one_of(
    st.builds(
        lambda pk, sk, values, new, revision: (
            lambda table: table.put(
                _item(pk, sk, values), unless_exists=new, revision=None if new else revision
            )
        ),
        _PK,
        _SK,
        _VALUES,
        st.booleans(),
        st.none() | st.integers(0, 2),
    ),
    st.builds(
        lambda pk, sks, values: (
            lambda table: table.put_together([_item(pk, sk, values) for sk in sorted(sks)])
        ),
        _PK,
        st.sets(_SK, min_size=1, max_size=3),
        _VALUES,
    ),
    st.builds(
        lambda pk, sk, values, where, remove: (
            lambda table: table.update(
                pk,
                sk,
                {"seen": "yes", **values},
                first={"born": 1},
                where=where,
                remove=[name for name in remove if name not in values],
            )
        ),
        _PK,
        _SK,
        _VALUES,
        _CONDITION,
        st.lists(st.sampled_from(_NAMES), unique=True, max_size=2),
    ),
    st.builds(
        lambda pk, sk, by: lambda table: table.add(pk, sk, "count", by, first={"born": 1}),
        _PK,
        _SK,
        st.integers(-3, 3),
    ),
    st.builds(lambda pk, sk: lambda table: table.delete(pk, sk), _PK, _SK),
    st.builds(lambda pk, sk: lambda table: table.get(pk, sk), _PK, _SK),
    st.builds(
        lambda pk, prefix: lambda table: list(table.query(pk, prefix)),
        _PK,
        st.sampled_from(["", "A", "z"]),
    ),
    st.builds(
        lambda keys: (
            lambda table: sorted(
                table.get_many(sorted(keys), consistent=True),
                key=lambda one: (one["pk"], one["sk"]),
            )
        ),
        st.sets(st.tuples(_PK, _SK), max_size=4),
    ),
    st.builds(
        lambda agenda, until: lambda table: sorted(table.due(agenda, until)),
        st.sampled_from(["tell", "digest"]),
        st.integers(-1, 2),
    ),
)


def answer(table: Table, step: Step) -> Any:
    try:
        return step(table)
    except ConflictError:
        return ConflictError


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(_STEPS, min_size=1, max_size=25))
def test_both_answer_alike(dynamo: Callable[[], DynamoTable], steps: list[Step]) -> None:
    real, model = dynamo(), MemoryTable()
    for step in steps:
        assert answer(model, step) == answer(real, step)
    for pk in ("CAPS", "GUARD"):
        assert list(model.query(pk)) == list(real.query(pk))


def test_what_is_due_longest_comes_first(dynamo: Callable[[], DynamoTable]) -> None:
    for table in (dynamo(), MemoryTable()):
        for sk, due in (("A", 3), ("B", 1), ("C", 2), ("D", 9)):
            table.put({"pk": "P", "sk": sk, "agenda": "tell", "due": due})
        assert [sk for _, sk in table.due("tell", 3)] == ["B", "C", "A"]


def test_both_refuse_an_item_that_is_too_large(dynamo: Callable[[], DynamoTable]) -> None:
    for table in (dynamo(), MemoryTable()):
        with pytest.raises(ClientError, match="maximum allowed size"):
            table.put({"pk": "P", "sk": "S", "text": "x" * 410_000})


def test_what_the_table_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match=r"not 0\.5"):
        MemoryTable().put({"pk": "P", "sk": "S", "share": 0.5})  # type: ignore[dict-item]


def test_what_was_read_is_a_copy() -> None:
    table = MemoryTable()
    table.put({"pk": "P", "sk": "S", "n": 1})
    read = table.get("P", "S")
    assert isinstance(read, dict)
    read["n"] = 2
    assert table.get("P", "S") == {"pk": "P", "sk": "S", "n": 1}
