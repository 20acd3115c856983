"""Labelled log lines: what a program would log, with and without something sensitive in it.

It knows what such values are made of (issuers, check digits) and how programs log, and nothing of
Warden's patterns: it imports none of its code. A seed makes a set; what is tuned on one is judged on
another.
"""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = string.ascii_letters
_MIXED: Final = string.ascii_letters + string.digits
_HEX: Final = "0123456789abcdef"
_WORDS: Final = "order cart user checkout invoice batch worker stream shard replica tenant".split()
_FIRST: Final = "ada grace linus edsger barbara alan margaret donald radia ken".split()
_LAST: Final = "lovelace hopper torvalds dijkstra liskov turing hamilton knuth perlman".split()


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its label.

    Attributes:
        text: The line.
        kind: What sensitive thing stands in it; empty where none does.
        value: The thing; empty likewise.
        about: Which of the generator's sorts it is.
    """

    text: str
    kind: str
    value: str
    about: str


def lines(seed: int, each: int = 60) -> list[Line]:
    """A labelled set: `each` lines of every sort, shuffled."""
    made = [line for chance in [random.Random(seed)] for line in _all(chance, each)]  # noqa: S311
    random.Random(seed + 1).shuffle(made)  # noqa: S311
    return made


def _all(r: random.Random, each: int) -> Iterator[Line]:
    for about, (kind, names, value) in _SENSITIVE.items():
        for _ in range(each):
            made = value(r)
            yield Line(_logged(r, r.choice(names), made), kind, made, about)
    for about, whole in _WHOLE.items():
        for _ in range(each):
            made = whole(r)
            yield Line(_wrapped(r, made), _KIND_OF_WHOLE[about], made, about)
    for about, innocent in _INNOCENT.items():
        for _ in range(each):
            yield Line(_wrapped(r, innocent(r)), "", "", about)


def _pick(r: random.Random, alphabet: str, length: int) -> str:
    return "".join(r.choice(alphabet) for _ in range(length))


def _one_of(r: random.Random, *ways: Callable[[], str]) -> str:
    return r.choice(ways)()


def _stamp(r: random.Random) -> str:
    return (
        f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:"
        f"{r.randint(0, 59):02}:{r.randint(0, 59):02}.{r.randint(0, 999):03}Z"
    )


def _request(r: random.Random) -> str:
    return str(uuid.UUID(int=r.getrandbits(128), version=4))


def _wrapped(r: random.Random, text: str) -> str:
    """A line around a text, as a runtime, a framework or a program by hand writes it."""
    level = r.choice(["INFO", "DEBUG", "ERROR", "WARN"])
    return _one_of(
        r,
        lambda: f"{_stamp(r)}\t{_request(r)}\t{level}\t{text}",
        lambda: f"[{level}]\t{_stamp(r)}\t{_request(r)}\t{text}",
        lambda: f"{_stamp(r)} {level} c.e.shop.{r.choice(_WORDS).title()}Service - {text}",
        lambda: json.dumps({"level": level, "timestamp": _stamp(r), "message": text}),
        lambda: f"level={level.lower()} ts={_stamp(r)} msg={json.dumps(text)}",
        lambda: text,
    )  # fmt: skip


def _logged(r: random.Random, name: str, value: str) -> str:
    """A line in which a value stands beside its name."""
    other, number = r.choice(_WORDS), r.randint(1, 9999)
    flat = _one_of(
        r,
        lambda: f"{name}={value}",
        lambda: f"{other}Id={number} {name}={value} status=ok",
        lambda: f"{name}: {value}",
        lambda: f"{name}: '{value}', {other}: {number}",
        lambda: f"{{'{other}': {number}, '{name}': '{value}'}}",
        lambda: f"{other.title()}({other}={number}, {name}={value!r})",
        lambda: f"<{name}>{value}</{name}>",
        lambda: f'"{name}"=>"{value}", "{other}"=>{number}',
        lambda: f"{other.title()}{{{name}={value}, {other}={number}}}",
        lambda: f"map[{name}:{value} {other}:{number}]",
        lambda: json.dumps({other: number, name: value}),
        lambda: json.dumps({"body": json.dumps({name: value, other: number})}),
        lambda: json.dumps({other: {name: value}}, indent=2),
    )  # fmt: skip
    return _wrapped(r, flat)


def _as_text(r: random.Random, variables: dict[str, str]) -> str:
    return json.dumps(variables) if r.random() < 0.5 else str(variables)


def _luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def _card(r: random.Random) -> str:
    start, length = r.choice([("4", 16), ("51", 16), ("55", 16), ("2223", 16), ("37", 15), ("6011", 16), ("3530", 16)])  # fmt: skip
    number = _luhn(start + _pick(r, string.digits, length - 1 - len(start)))
    if length == 16 and r.random() < 0.5:
        by = r.choice(" -")
        return by.join(number[i : i + 4] for i in range(0, 16, 4))
    return number


def _iban(r: random.Random) -> str:
    country, form = r.choice(
        [("DE", 18), ("FR", 23), ("GB", 18), ("NL", 14), ("ES", 20), ("CH", 17)]
    )
    letters = {"GB": 4, "NL": 4}.get(country, 0)
    body = _pick(r, string.ascii_uppercase, letters) + _pick(r, string.digits, form - letters)
    number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    whole = f"{country}{98 - number % 97:02}{body}"
    if r.random() < 0.5:
        return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
    return whole


def _email(r: random.Random) -> str:
    first, last = r.choice(_FIRST), r.choice(_LAST)
    local = r.choice(
        [f"{first}.{last}", f"{first[0]}{last}", f"{first}+news", f"{last}{r.randint(1, 99)}"]
    )
    return (
        f"{local}@{r.choice(['example.com', 'mail.example.co.uk', 'corp.example.de', 'gmail.com'])}"
    )


def _phone(r: random.Random) -> str:
    return _one_of(
        r,
        lambda: f"+1 {r.choice([212, 415, 646, 312])}-{r.randint(200, 999)}-{r.randint(1000, 9999)}",
        lambda: f"+1{r.choice([212, 415, 646, 312])}{r.randint(200, 999)}{r.randint(1000, 9999)}",
        lambda: f"+49 151 {r.randint(10000000, 99999999)}",
        lambda: f"+336{r.randint(10000000, 99999999)}",
        lambda: f"+44 7{r.randint(400, 999)} {r.randint(100000, 999999)}",
        lambda: f"({r.choice([212, 415, 646])}) {r.randint(200, 999)}-{r.randint(1000, 9999)}",
    )  # fmt: skip


def _ssn(r: random.Random) -> str:
    return f"{r.choice([*range(1, 666), *range(667, 900)]):03}-{r.randint(1, 99):02}-{r.randint(1, 9999):04}"


def _nir(r: random.Random) -> str:
    body = f"{r.choice('12')}{r.randint(0, 99):02}{r.randint(1, 12):02}{r.randint(1, 95):02}{r.randint(1, 990):03}{r.randint(1, 999):03}"
    return f"{body}{97 - int(body) % 97:02}"


def _dni(r: random.Random) -> str:
    number = r.randint(10000000, 99999999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def _pesel(r: random.Random) -> str:
    body = f"{r.randint(50, 99)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(0, 9999):04}"
    total = sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return f"{body}{-total % 10}"


def _password(r: random.Random) -> str:
    word = r.choice(["Winter", "dragon", "Corr3ct", "blue", "Sommer", "letme1n"])
    return _one_of(
        r,
        lambda: f"{word}{r.randint(10, 9999)}{r.choice('!#$%')}",
        lambda: _pick(r, _MIXED, r.randint(10, 24)),
        lambda: f"{_pick(r, _MIXED, 6)}@{_pick(r, _MIXED, 5)}",
        lambda: f"{word}-{_pick(r, _HEX, 4)}-{r.choice(_WORDS)}",
    )  # fmt: skip


def _key(r: random.Random) -> str:
    return _one_of(
        r,
        lambda: _pick(r, _HEX, r.choice([32, 40, 64])),
        lambda: _pick(r, _MIXED, r.randint(24, 48)),
        lambda: _request(r),
        lambda: base64.b64encode(r.randbytes(r.choice([24, 32]))).decode(),
    )  # fmt: skip


def _jwt(r: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    sign = base64.urlsafe_b64encode(r.randbytes(32)).decode().rstrip("=")
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': _pick(r, _HEX, 12)})}.{sign}"


def _issued(r: random.Random) -> str:
    """A token of an issuer whose form everybody knows."""
    return _one_of(
        r,
        lambda: "AKIA" + _pick(r, string.ascii_uppercase + "234567", 16),
        lambda: "ghp_" + _pick(r, _MIXED, 36),
        lambda: "glpat-" + _pick(r, _MIXED, 20),
        lambda: f"xoxb-{r.randint(10**11, 10**12)}-{_pick(r, _MIXED, 24)}",
        lambda: "sk_live_" + _pick(r, _MIXED, 24),
        lambda: "AIza" + _pick(r, _MIXED, 35),
        lambda: "npm_" + _pick(r, _MIXED, 36),
        lambda: f"SG.{_pick(r, _MIXED, 22)}.{_pick(r, _MIXED, 43)}",
    )  # fmt: skip


_SENSITIVE: Final[dict[str, tuple[str, tuple[str, ...], Callable[[random.Random], str]]]] = {
    "card": ("card", ("card", "card_number", "cardNumber", "pan", "ccNumber", "payment"), _card),
    "iban": ("bank account", ("iban", "IBAN", "account", "creditor", "payee"), _iban),
    "email": ("email", ("email", "user", "customer", "recipient", "to", "login"), _email),
    "phone": ("phone", ("phone", "mobile", "phoneNumber", "tel", "msisdn"), _phone),
    "ssn": ("national id", ("ssn", "social_security_number", "taxId"), _ssn),
    "nir": ("national id", ("nir", "numero_secu", "patient"), _nir),
    "dni": ("national id", ("dni", "documento", "nif"), _dni),
    "pesel": ("national id", ("pesel", "PESEL"), _pesel),
    "password": ("credential", ("password", "db_password", "userPassword", "passwd", "DB_PASS", "pwd", "PGPASSWORD"), _password),
    "key": ("credential", ("api_key", "apiKey", "client_secret", "x-api-key", "secretKey", "AWS_SECRET_ACCESS_KEY", "encryption_key"), _key),
    "token": ("credential", ("access_token", "refreshToken", "auth_token", "session_token", "idToken"), _key),
    "jwt": ("credential", ("jwt", "assertion", "id", "token", "header"), _jwt),
    "issued": ("credential", ("value", "credential", "arg", "using", "config"), _issued),
}  # fmt: skip

_WHOLE: Final[dict[str, Callable[[random.Random], str]]] = {
    "authorization": lambda r: r.choice([
        f"Authorization: Bearer {_pick(r, _MIXED, 40)}",
        json.dumps({"headers": {"authorization": f"Bearer {_jwt(r)}", "accept": "*/*"}}),
        "authorization: Basic " + base64.b64encode(f"svc:{_password(r)}".encode()).decode(),
        f"> curl -H 'Authorization: token {_pick(r, _HEX, 40)}' https://api.example.com/v1",
    ]),
    "url": lambda r: r.choice([
        f"connecting to postgres://app:{_pick(r, _MIXED, 14)}@db.internal:5432/shop",
        f"amqps://worker:{_pick(r, _MIXED, 20)}@mq.example.com/vhost unreachable",
        f"jdbc:mysql://db:3306/shop?user=root&password={_pick(r, _MIXED, 12)}&useSSL=true",
        f"GET https://api.example.com/v2/items?api_key={_pick(r, _HEX, 32)}&page=2 200",
    ]),
    "private key": lambda r: "-----BEGIN RSA PRIVATE KEY-----\n" + base64.b64encode(r.randbytes(96)).decode() + "\n-----END RSA PRIVATE KEY-----",
    "cookie": lambda r: r.choice([
        f"Cookie: session={_pick(r, _MIXED, 40)}; theme=dark",
        f"Set-Cookie: sid=s%3A{_pick(r, _MIXED, 32)}; Path=/; HttpOnly",
        f"set-cookie: JSESSIONID={_pick(r, '0123456789ABCDEF', 32)}; Secure",
    ]),
    "environment": lambda r: _as_text(r, {
        "AWS_REGION": "eu-west-1", "AWS_LAMBDA_FUNCTION_NAME": r.choice(_WORDS),
        "LAMBDA_TASK_ROOT": "/var/task", "PATH": "/var/lang/bin:/usr/local/bin",
        "STAGE": "prod", "_HANDLER": "app.handler",
    }),
    "in words": lambda r: r.choice([
        f"logging in with password {_pick(r, _MIXED, 12)}1",
        f"your verification code is {r.randint(100000, 999999)}",
        f"mysql --user=root --password={_pick(r, _MIXED, 12)} shop",
        f"new password for user 17 is \"{_password(r)}\"",
    ]),
}  # fmt: skip
_KIND_OF_WHOLE: Final = {
    "authorization": "credential",
    "url": "credential",
    "private key": "credential",
    "cookie": "credential",
    "environment": "environment",
    "in words": "credential",
}


def _not_a_card(r: random.Random) -> str:
    number = _card(r).replace(" ", "").replace("-", "")
    return number[:-1] + str((int(number[-1]) + r.randint(1, 9)) % 10)


_INNOCENT: Final[dict[str, Callable[[random.Random], str]]] = {
    "start": lambda r: f"START RequestId: {_request(r)} Version: $LATEST",
    "report": lambda r: f"REPORT RequestId: {_request(r)}\tDuration: {r.uniform(1, 900):.2f} ms\tBilled Duration: {r.randint(1, 900)} ms\tMemory Size: 512 MB\tMax Memory Used: {r.randint(60, 500)} MB",
    "uuid": lambda r: f"correlationId={_request(r)} parent={_request(r)}",
    "digest": lambda r: f"artifact sha256:{_pick(r, _HEX, 64)} uploaded, etag \"{_pick(r, _HEX, 32)}\"",
    "commit": lambda r: f"deployed commit {_pick(r, _HEX, 40)} as v{r.randint(1, 9)}.{r.randint(0, 40)}.{r.randint(0, 99)}",
    "trace": lambda r: f"X-Amzn-Trace-Id: Root=1-{_pick(r, _HEX, 8)}-{_pick(r, _HEX, 24)};Parent={_pick(r, _HEX, 16)};Sampled=1",
    "order number": lambda r: f"order {_not_a_card(r)} shipped",
    "epoch": lambda r: f"at={r.randint(1600000000000, 1800000000000)} took={r.randint(1, 99999)}us seq={r.randint(10**15, 10**16 - 1)}",
    "masked": lambda r: r.choice([
        "password=****** user=app", "{\"password\": \"[FILTERED]\", \"token\": \"<redacted>\"}",
        "card **** **** **** 4242 charged", "Authorization: [REDACTED]", "api_key=xxxxxxxxxxxx",
    ]),
    "about credentials": lambda r: r.choice([
        "password reset requested for user 1893", "Failed password for invalid user admin from 10.0.0.4 port 22",
        "token expired, refreshing", "secret rotation finished for prod/db", "password must have 12 characters",
        "using password: YES", "tokens used: 1532 of 4096", "token_type=Bearer expires_in=3600",
        "missing api key", "passwordPolicy=strong minPasswordLength=12", "invalid token: unexpected end",
    ]),
    "cursor": lambda r: f"nextToken={base64.b64encode(r.randbytes(48)).decode()} items=100",
    "secret's place": lambda r: r.choice([
        f"secretArn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-{_pick(r, _LETTERS, 6)}",
        "reading secret=prod/payments/db", "DB_PASSWORD_FILE=/run/secrets/db", "password: ${DB_PASSWORD}",
    ]),
    "package": lambda r: f"npm warn deprecated {r.choice(_WORDS)}@{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}: use @scope/{r.choice(_WORDS)}@latest",
    "image": lambda r: f"loaded icon@{r.randint(2, 3)}x.png from cdn, pulled repo/app@sha256:{_pick(r, _HEX, 64)}",
    "ssh": lambda _: "cloning git@github.com:acme/shop.git into /tmp/shop",
    "address": lambda r: f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}:{r.randint(1024, 65535)} -> 192.168.1.{r.randint(1, 254)}:443 bytes={r.randint(100, 10**9)}",
    "stack": lambda r: f"  at {r.choice(_WORDS)}Handler (/var/task/src/{r.choice(_WORDS)}.js:{r.randint(1, 900)}:{r.randint(1, 80)})",
    "measure": lambda r: f"latency p99={r.uniform(0, 9):.6f} delta=+{r.randint(1, 10**6)} offset={r.randint(10**8, 10**9)}",
    "version": lambda r: f"build {r.randint(2020, 2026)}.{r.randint(1, 12)}.{r.randint(1, 28)}-{r.randint(100, 999)} on x86_64",
    "dates": lambda r: f"window {_stamp(r)}/{_stamp(r)} partition=2026{r.randint(1, 12):02}{r.randint(1, 28):02}",
    "coordinates": lambda r: f"lat={r.uniform(-90, 90):.12f} lon={r.uniform(-180, 180):.12f}",
    "telephony": lambda r: f"call took {r.randint(1000000, 99999999)} ns, phoneId={r.randint(10**8, 10**9)}",
    "size": lambda r: f"uploaded {r.randint(10**9, 10**12)} bytes in {r.randint(1, 10**6)} ms to s3://bucket/{_request(r)}/part-{r.randint(0, 9999):05}",
}  # fmt: skip
