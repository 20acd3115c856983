"""What an error is, so that the same one is known again: its type and place, or its masked message.

Line numbers are left out on purpose: a deployment moves them, and each of its old errors would look
new.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_LONGEST: Final = 32 * 1024
_SAMPLE: Final = 6000
_NAME: Final = re.compile(r"(?<![\w$.:/])[A-Za-z_$][\w$.:]{0,200}+")
_TYPES: Final = ("Error", "Exception", "Fault", "Failure", "Timeout", "Interrupt", "Exit")
_RUBY_TYPE: Final = re.compile(r": (?P<message>[^\n]{0,300}) \((?P<type>[A-Z]\w*(?:::\w+)*)\)")
_PANIC: Final = re.compile(r"^panic: (?P<message>[^\n]{0,300})", re.MULTILINE)

# A frame each, outermost or innermost first as the language prints them.
_FRAMES: Final = (
    # language, its frame, whether the innermost is the last one
    ("python", re.compile(r'File "(?P<file>[^"\n]{1,300})", line \d+, in (?P<name>[^\s,"\\]{1,100})'), True),
    ("node", re.compile(r"at (?:async )?(?P<name>[\w$.<>\[\] ]{1,120}?) \((?P<file>(?:file://|node:|/|webpack)[^():\n]{0,300}):\d+:\d+\)"), False),
    ("node", re.compile(r"at (?P<name>)(?P<file>(?:file://|node:|/)[^():\s\n]{1,300}):\d+:\d+"), False),
    ("dotnet", re.compile(r"at (?P<name>[\w.`<>\[\]+|,]{1,200})\([^)\n]{0,300}\) in (?P<file>[^\n:]{1,300}):line \d+"), False),
    ("java", re.compile(r"at (?P<file>[\w.$/@-]{1,200})\.(?P<name>[\w$<>]{1,100})\((?:[\w$]{1,100}\.(?:java|kt|scala|groovy|clj):\d+|Unknown Source|Native Method)\)"), False),
    ("dotnet", re.compile(r"at (?P<file>[A-Z][\w.`<>\[\]+|,]{1,200})\.(?P<name>[\w<>`|]{1,100})\([^)\n]{0,300}\)"), False),
    ("ruby", re.compile(r"(?P<file>/?[\w./-]{1,300}\.rb):\d+:in [`'](?P<name>[^'\n]{1,100})'"), False),
    ("go", re.compile(r"(?<![\w./*-])(?P<name>[\w./*-]{1,200}(?:\(\*\w{1,100}\)[\w.]{1,100})?)\([^()\n]{0,300}\)\s{1,8}(?P<file>/[^\s:]{1,300}\.go):\d+"), False),
)  # fmt: skip
_FOREIGN: Final = re.compile(
    r"site-packages|dist-packages|/opt/python|/var/runtime|/var/lang|/usr/l|awslambdaric|node_modules"
    r"|node:|internal/|/opt/nodejs|<frozen|importlib|^(?:java|javax|jdk|sun|com\.sun|kotlin|scala"
    r"|com\.amazonaws|org\.springframework|lambdainternal|System|Microsoft|Amazon\.Lambda)[./]|/gems/"
    r"|/usr/local/go|/go/pkg/mod|runtime\.|^lambda_(?:runtime|handler)"
)
_MASKS: Final = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,10}Z?"), "<time>"),
    (re.compile(r"arn:[^\s\"',;]{1,300}"), "<arn>"),
    (re.compile(r"https?://[^\s\"'<>]{1,500}"), "<url>"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}"), "<address>"),
    (re.compile(r"\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'"), "<text>"),
    (re.compile(r"(?<![A-Za-z])(?:0x)?(?=[0-9a-f]{0,64}[0-9])[0-9a-f]{6,64}(?![A-Za-z])", re.IGNORECASE), "<hex>"),
    (re.compile(r"(?<![A-Za-z<])[A-Za-z]{0,8}[-_]?\d[\w.:-]{0,60}"), "<number>"),
)  # fmt: skip
_LEVEL: Final = re.compile(
    r"^\s*(?:\[?(?:ERROR|FATAL|CRITICAL|SEVERE|WARN(?:ING)?|INFO|DEBUG)\]?[\s:|-]+|<id>\s+|<time>\s+"
    r"|Invoke Error\s+|Uncaught Exception\s+|undefined\s+)+"
)
_TRACE: Final = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")
_REQUEST: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Error:
    """One error as it was logged.

    Attributes:
        fingerprint: Its identity, sixteen hexadecimal digits.
        type: The exception's type; empty where the line names none.
        place: File and function of the innermost frame of the owner's own code; likewise.
        message: The message with its variable parts masked.
        sample: The line as it was, bounded; nothing is redacted yet.
        request: Id of the request; empty where the line names none.
        trace: Id of the X-Ray trace; likewise.
    """

    fingerprint: str
    type: str
    place: str
    message: str
    sample: str
    request: str
    trace: str


def error_of(line: str) -> Error:
    """The error that a line tells of, whatever its form."""
    text = line[:_LONGEST].replace("\r", "\n")
    fields = _fields(text)
    message = _message(fields) if fields else text
    stack = _stack(fields) if fields else text
    type_ = (_named_type(fields) if fields else "") or _type_in(stack) or _type_in(message)
    place = _place(stack)
    masked = mask(message)
    known = [type_, place] if type_ and place else [type_, masked]
    digest = hashlib.sha256(json.dumps(known).encode(errors="replace")).hexdigest()[:16]
    request, trace = _REQUEST.search(text), _TRACE.search(text)
    return Error(
        fingerprint=digest,
        type=type_,
        place=place,
        message=masked,
        sample=text[:_SAMPLE],
        request=request[0] if request else "",
        trace=trace[0] if trace else "",
    )


def mask(message: str) -> str:
    """A message with its variable parts taken out: the same for each time that it is logged."""
    text = message.strip()[:600]
    for expression, shown in _MASKS:
        text = expression.sub(shown, text)
    return _LEVEL.sub("", " ".join(text.split()))[:200]


def _fields(text: str) -> Mapping[str, Any] | None:
    """The fields of a structured line; also of Node's, which has words before its JSON."""
    at = text.find("{")
    if at < 0 or (at > 0 and "\tERROR\t" not in text[:at]):
        return None
    try:
        found = json.loads(text[at:])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _message(fields: Mapping[str, Any]) -> str:
    for name in ("errorMessage", "message", "msg", "error", "event"):
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = value.get("errorMessage") or value.get("message")
        if isinstance(value, str) and value:
            return value
    return ""


def _named_type(fields: Mapping[str, Any]) -> str:
    inner: Mapping[str, Any] = next(
        (
            fields[one]
            for one in ("error", "err", "message")
            if isinstance(fields.get(one), Mapping)
        ),
        {},
    )
    for place in (fields, inner):
        for name in ("errorType", "exception_name", "exceptionType", "name", "type", "kind"):
            value = place.get(name)
            if isinstance(value, str) and value and (place is inner or name[0] == "e"):
                return value[:120]
    return ""


def _stack(fields: Mapping[str, Any]) -> str:
    return "\n".join(_traces(fields, 0))[:_LONGEST]


def _traces(fields: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name in (
        "stackTrace",
        "stack",
        "stack_trace",
        "exception",
        "trace",
        "stacktrace",
        "exc_info",
    ):
        value = fields.get(name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (one for one in value[:100] if isinstance(one, str))
        elif isinstance(value, Mapping) and depth < 2:
            yield from _traces(value, depth + 1)
    for name in ("error", "err", "message"):
        value = fields.get(name)
        if isinstance(value, Mapping) and depth < 2:
            yield from _traces(value, depth + 1)


def _type_in(text: str) -> str:
    if _PANIC.search(text):
        return "panic"
    if "Traceback (most recent call last)" in text:
        ends = [one for one in text.split("\n") if one and not one.startswith((" ", "\t"))]
        for line in reversed(ends):
            name = line.partition(":")[0].strip()
            if re.fullmatch(r"[A-Za-z_][\w.]{1,120}", name) and name != "Traceback":
                return name.rpartition(".")[2]
    for hit in _NAME.finditer(text):
        name = hit[0].rstrip(".:")
        if name.endswith(_TYPES) and name not in _TYPES:
            return name
    ruby = _RUBY_TYPE.search(text)
    return ruby["type"] if ruby else ""


def _place(stack: str) -> str:
    for language, expression, innermost_last in _FRAMES:
        frames = [(one["file"], one["name"].strip()) for one in expression.finditer(stack)]
        if not frames:
            continue
        inside = frames[::-1] if innermost_last else frames
        own = [one for one in inside if not _FOREIGN.search(one[0])]
        file, name = own[0] if own else inside[0]
        return f"{_short(file, language)} {name}".strip()
    return ""


def _short(file: str, language: str) -> str:
    del language
    return file.removeprefix("file://").removeprefix("/var/task/")[-160:]
