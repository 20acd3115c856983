"""The same error is known again, in each language, whatever varies in it."""

import json

import pytest

from functions.log_watch.engine.errors import error_of, mask

PYTHON = (
    "[ERROR] KeyError: 'amount'\rTraceback (most recent call last):\r"
    '  File "/var/task/app.py", line {line}, in handler\r    return charge(event)\r'
    '  File "/var/task/payments/client.py", line 88, in charge\r    x["amount"]\r'
    '  File "/opt/python/lib/python3.13/site-packages/lib/core.py", line 4, in get\r'
)
NODE = (
    "2026-03-10T08:00:00.000Z\t8e2f0c1d-8d3e-4a64-b1a9-0123456789ab\tERROR\tInvoke Error \t"
    + json.dumps(
        {
            "errorType": "TypeError",
            "errorMessage": "Cannot read properties of undefined (reading 'id')",
            "stack": [
                "TypeError: Cannot read properties of undefined (reading 'id')",
                "    at get (/var/task/node_modules/x/index.js:1:2)",
                "    at Runtime.handler (file:///var/task/src/orders.mjs:LINE:17)",
            ],
        }
    )
)
JAVA = (
    "java.lang.IllegalStateException: no order {line}\n"
    "\tat java.base/java.util.Optional.get(Optional.java:143)\n"
    "\tat com.acme.shop.OrderService.load(OrderService.java:{line})\n"
    "\tat com.acme.shop.Handler.handleRequest(Handler.java:20)\n"
    "Caused by: java.sql.SQLException: x\n"
)
DOTNET = (
    "System.InvalidOperationException: Sequence {line} contains no elements\n"
    "   at System.Linq.ThrowHelper.ThrowNoElementsException()\n"
    "   at Acme.Shop.Orders.Load(String id) in /src/Orders.cs:line {line}\n"
)
RUBY = (
    "Critical exception from handler\n"
    "app.rb:{line}:in `load': undefined method `id' for nil (NoMethodError)\n\tfrom app.rb:3:in `x'"
)
GO = (
    "panic: runtime error: index out of range [{line}] with length 3\n\ngoroutine 1 [running]:\n"
    "main.load({{0x1, 0x2}})\n\t/src/shop/main.go:{line} +0x1d\nmain.main()\n\t/src/shop/main.go:9"
)


@pytest.mark.parametrize(
    ("text", "type_", "place"),
    [
        (PYTHON, "KeyError", "payments/client.py charge"),
        (NODE.replace("{", "{{").replace("}", "}}").replace("LINE", "{line}"), "TypeError",
         "src/orders.mjs Runtime.handler"),
        (JAVA, "java.lang.IllegalStateException", "com.acme.shop.OrderService load"),
        (DOTNET, "System.InvalidOperationException", "/src/Orders.cs Acme.Shop.Orders.Load"),
        (RUBY, "NoMethodError", "app.rb load"),
        (GO, "panic", "/src/shop/main.go main.load"),
    ],
)  # fmt: skip
def test_type_and_place_make_the_error_and_its_line_does_not(
    text: str, type_: str, place: str
) -> None:
    one, moved = error_of(text.format(line=12)), error_of(text.format(line=340))
    assert (one.type, one.place) == (type_, place)
    assert one.fingerprint == moved.fingerprint, "a deployment moves lines"


def test_another_place_is_another_error() -> None:
    text = PYTHON.format(line=1)
    assert (
        error_of(text).fingerprint != error_of(text.replace("in charge", "in refund")).fingerprint
    )


def test_without_a_stack_trace_the_masked_message_tells() -> None:
    one = error_of("ERROR order 17 of ada@example.com not found at https://x.example/1")
    other = error_of("ERROR order 9981 of bob@example.com not found at https://x.example/2")
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != error_of("ERROR order 17 not paid").fingerprint


def test_a_structured_line_is_known_by_its_message_alone() -> None:
    def line(**more: object) -> str:
        return json.dumps({"level": "ERROR", "message": "no stock", **more})

    assert error_of(line(order=1)).fingerprint == error_of(line(order=2, user="x")).fingerprint


def test_request_and_trace_are_read() -> None:
    error = error_of(
        "ERROR 8e2f0c1d-8d3e-4a64-b1a9-0123456789ab 1-69ae3c40-0123456789abcdef01234567 x"
    )
    assert error.request == "8e2f0c1d-8d3e-4a64-b1a9-0123456789ab"
    assert error.trace == "1-69ae3c40-0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        (
            "took 12.5 ms for 0x7f3a at 2026-03-10T08:00:00Z",
            "took <number> ms for <number> at <time>",
        ),
        ("no such key 'user:17'", "no such key <text>"),
        ("[ERROR] [WARN] left", "left"),
        ("facade decade", "facade decade"),
    ],
)
def test_what_varies_is_masked(message: str, masked: str) -> None:
    assert mask(message) == masked
