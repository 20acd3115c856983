"""The cases of the scanner's rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from functions.scanner import foreign_event
from functions.scanner.advisory_age import check as advisory_age
from functions.scanner.against_repository import LockfileDrift, RepositoryDrift
from functions.scanner.deployers import Deployer
from functions.scanner.drift.compare import Drift, VersionChange
from functions.scanner.facts import AdvisoryState, FunctionFacts, Setting
from functions.scanner.failure_handling import FailureHandling
from functions.scanner.risky_calls import effect
from functions.scanner.role_rights import WideRight
from functions.scanner.rules import (
    administrator_role,
    confused_deputy,
    deployment_drift,
    foreign_access,
    no_failure_destination,
    open_function_url,
    permissive_cors,
    retired_runtime,
    secrets_in_code,
    secrets_in_environment,
    shared_role,
    tracing_off,
    unfamiliar_deployer,
    unread_contents,
    unread_function,
    vulnerable_package,
    world_open_policy,
)
from functions.scanner.runtimes import shipped
from functions.scanner.secrets.found import CodeSecrets, SecretPlace, SecretVariable
from functions.scanner.sensitive import RULE as RISKY_CALL
from functions.scanner.sensitive import verdict
from functions.scanner.vulnerabilities.finding import MatchResult, Undecided
from functions.shared.advisories.exploited import Exploitation
from functions.shared.alerting.finding import Verdict
from functions.shared.config import ScannerPolicy
from functions.shared.core.packages import Inventory, Package, Problem
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import UrlAccess
from functions.shared.events.cloudtrail import read_record
from tests.cases import Cases, Never, Verdicts
from tests.golden.samples.scanner import vulnerability
from tests.unit.scanner.rules.known import NOW, facts, function, policy, setting, statement
from tests.unit.shared.events import cloudtrail

_DENIED: Final = Unknown("asking for it: AccessDeniedException")
_NOTHING: Final = FunctionFacts(function())
_OTHER: Final = "arn:aws:iam::999988887777:root"
_LAYER: Final = "arn:aws:lambda:eu-west-1:999988887777:layer:agent"
_OWN_LAYER: Final = "arn:aws:lambda:eu-west-1:111122223333:layer:agent"
_BUNDLED: Final = Package("npm", "lodash", "", "app.js", "source-map", "node_modules/lodash")
_SCANNER: Final = replace(function(), name="lambda-warden-scanner")
_JINJA: Final = Package("PyPI", "jinja2", "2.10", "jinja2/__init__.py", "dist-info")


def _unknown(**readings: Unknown) -> FunctionFacts:
    known = facts(
        policy=policy(), urls=(), secret_variables=(), role_rights=(), failure_handling=None
    )
    changed: Any = readings
    return replace(known, **changed)


def _asked(**readings: Any) -> FunctionFacts:
    """Facts about a function that is called asynchronously, with those given in their place."""
    return replace(
        facts(policy=policy("s3.amazonaws.com"), failure_handling=FailureHandling()), **readings
    )


def _called(**members: str) -> Verdict:
    request = {"layerName": "agent", "versionNumber": 3, "statementId": "s", "principal": "*"}
    event = cloudtrail("AddLayerVersionPermission20181031", request | members)
    record = read_record(event["detail"])
    found = effect(record, _SCANNER.account, ["999988887777"])
    return verdict(found, record, [], _SCANNER) if found else Verdict(RISKY_CALL)


def _days_before_the_end(days: int) -> Verdict:
    day = shipped().deprecated_on["python3.10"]
    assert day
    end = datetime.combine(day, time(12), UTC)
    known = facts(configuration={"runtime": "python3.10"})
    return retired_runtime.check(known, Setting(ScannerPolicy(), end - timedelta(days)))


def _policy(principal: Any = "*", **conditions: Any) -> Verdict:
    """The verdict on a statement; `StringEquals__aws__SourceIp` is an operator and a key."""
    condition: dict[str, Any] = {}
    for name, values in conditions.items():
        operator, _, key = name.partition("__")
        condition.setdefault(operator, {})[key.replace("__", ":")] = list(values)
    known = facts(policy=policy(statement(principal, condition)))
    return world_open_policy.check(known, setting())


def _deputy(principal: Any, condition: Any = None) -> Verdict:
    return confused_deputy.check(facts(policy=policy(statement(principal, condition))), setting())


def _url(*urls: UrlAccess, principal: Any = "*", action: Any = "lambda:*") -> Verdict:
    open_to = policy(statement(principal, action=action))
    return open_function_url.check(facts(urls=urls, policy=open_to), setting())


def _cors(*urls: UrlAccess) -> Verdict:
    return permissive_cors.check(facts(urls=urls), setting())


def _runtime(name: str, **given: Any) -> Verdict:
    return retired_runtime.check(facts(configuration={"runtime": name}), setting(**given))


def _foreign(principal: str, **trusted: Any) -> Verdict:
    named = {"Service": principal} if principal.endswith(".com") else principal
    allowed = policy(statement(named))
    return foreign_access.check(facts(policy=allowed), setting(**trusted))


def _drift(drift: Drift, *repaired: str, problems: tuple[str, ...] = ()) -> Verdict:
    compared = LockfileDrift("poetry.lock", NOW - timedelta(days=12), drift, repaired)
    known = RepositoryDrift("acme/orders", (compared,), problems)
    return deployment_drift.check(facts(drift=known), setting())


def _contents(inventory: Inventory, secrets: CodeSecrets | None = None) -> Verdict:
    more: dict[str, Any] = {"code_secrets": secrets} if secrets else {}
    return unread_contents.check(facts(inventory=inventory, **more), setting())


def _packages(
    *matched: Any, undecided: tuple[Undecided, ...] = (), inventory: Inventory | None = None
) -> Verdict:
    found = MatchResult(matched, undecided)
    known = facts(inventory=inventory or Inventory((_JINJA,)), matches=found)
    return vulnerable_package.check(known, setting())


def _deployed(*deployers: Deployer) -> Verdict:
    return unfamiliar_deployer.check(facts(deployers=deployers), setting())


def _deployer(name: str, hours: int, occasions: int = 1) -> Deployer:
    at = NOW - timedelta(hours=hours)
    return Deployer(f"arn:aws:iam::111122223333:user/{name}", "AWS CLI", at, at, occasions)


def _advisories(age: timedelta, exploited: datetime | None = None) -> Verdict:
    state = Known(AdvisoryState(NOW - age, "x"))
    listed = Known(exploited) if exploited else None
    return advisory_age(state, function("lambda-warden-advisory-sync"), setting(), listed)


def _role(*rights: WideRight) -> Verdict:
    return administrator_role.check(facts(role_rights=rights), setting())


def _asynchronous(handling: FailureHandling, target: str = "") -> Verdict:
    known = facts(
        configuration={"failure_target": target},
        policy=policy("s3.amazonaws.com"),
        failure_handling=handling,
    )
    return no_failure_destination.check(known, setting())


def _code(secrets: CodeSecrets) -> Verdict:
    return secrets_in_code.check(facts(code_secrets=secrets), setting())


def _users(*names: str) -> Verdict:
    return shared_role.check(facts(role_users=tuple(map(function, names))), setting())


def _tracing(mode: str) -> Verdict:
    return tracing_off.check(facts(configuration={"tracing": mode}), setting())


def _variables(*found: SecretVariable) -> Verdict:
    return secrets_in_environment.check(facts(secret_variables=found), setting())


def _without(check: Any) -> Verdicts:
    return {"nothing was read": check(_NOTHING, setting())}


_TARGET: Final = "arn:aws:sqs:eu-west-1:111122223333:failed"
_SITE: Final = "https://shop.example"

CASES: Final = {
    "administrator-role": Cases(
        passes={"no wide right": _role()},
        fails={
            "an administrator": _role(WideRight("p", "*", administrator=True)),
            "all of one service": _role(WideRight("p", "s3:*", administrator=False)),
        },
        cannot_tell=_without(administrator_role.check),
    ),
    "confused-deputy": Cases(
        passes={
            "for one bucket": _deputy(
                {"Service": "s3.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}
            ),
            "for its own account": _deputy(
                {"Service": "sns.amazonaws.com"},
                {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            ),
            "everybody, which is another rule's": _deputy("*"),
        },
        fails={
            "for anybody": _deputy({"Service": "sns.amazonaws.com"}),
            "for any topic": _deputy(
                {"Service": "sns.amazonaws.com"},
                {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"}},
            ),
            "any service": _deputy("*", {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
        },
        cannot_tell=_without(confused_deputy.check),
    ),
    "deployment-drift": Cases(
        passes={
            "no repository is named": deployment_drift.check(facts(drift=None), setting()),
            "all as in the lockfile": _drift(Drift()),
        },
        fails={
            "another version": _drift(Drift(changed=(VersionChange("idna", "2.8", ("3.7",)),))),
            "a package more": _drift(Drift(extra=(_JINJA,))),
            "fixed, not deployed": _drift(
                Drift(changed=(VersionChange("idna", "2.8", ("3.7",)),)), "idna"
            ),
            "a damaged lockfile beside a good one": _drift(Drift(), problems=("uv.lock: damaged",)),
            "no lockfile": deployment_drift.check(
                facts(drift=RepositoryDrift("acme/orders")), setting()
            ),
        },
        cannot_tell={
            **_without(deployment_drift.check),
            "one of its lockfiles is damaged": _drift(Drift(), problems=("uv.lock: damaged",)),
        },
    ),
    "foreign-access": Cases(
        passes={
            "a service": _foreign("s3.amazonaws.com"),
            "its own account": _foreign("111122223333"),
            "its own account, as an ARN": _foreign("arn:aws:iam::111122223333:role/x"),
            "a trusted account": _foreign(_OTHER, trusted_accounts=("999988887777",)),
            "everybody, which is another rule's": _foreign("*"),
            "a layer of its own account": foreign_access.check(
                facts(configuration={"layers": (f"{_OWN_LAYER}:1",)}, policy=policy()), setting()
            ),
        },
        fails={
            "an account": _foreign("999988887777"),
            "a role of another account": _foreign("arn:aws:iam::999988887777:role/x"),
            "a session of another account": _foreign("arn:aws:sts::999988887777:assumed-role/x/y"),
            "a layer": foreign_access.check(
                facts(configuration={"layers": (f"{_LAYER}:1",)}, policy=policy()), setting()
            ),
        },
        cannot_tell={
            **_without(foreign_access.check),
            "the policy": foreign_access.check(_unknown(policy=_DENIED), setting()),
            "the configuration": foreign_access.check(_unknown(configuration=_DENIED), setting()),
        },
    ),
    "foreign-event": Cases(
        passes={"it is of this account and region": foreign_event.check(_SCANNER, _SCANNER)},
        fails={
            "it is of another account": foreign_event.check(
                replace(_SCANNER, account="999988887777"), _SCANNER
            ),
            "it is of another region": foreign_event.check(
                replace(_SCANNER, region="us-east-1"), _SCANNER
            ),
        },
        cannot_tell=Never("An event that names no function is set aside."),
    ),
    "no-failure-destination": Cases(
        passes={
            "never called asynchronously": no_failure_destination.check(
                facts(policy=policy(), failure_handling=FailureHandling()), setting()
            ),
            "a destination": _asynchronous(FailureHandling(configured=True, targets=(_TARGET,))),
            "a dead-letter queue": _asynchronous(FailureHandling(), _TARGET),
        },
        fails={
            "neither": _asynchronous(FailureHandling()),
            "asynchronous by its settings alone": no_failure_destination.check(
                facts(policy=policy(), failure_handling=FailureHandling(configured=True)), setting()
            ),
        },
        cannot_tell={
            **_without(no_failure_destination.check),
            **{
                name: no_failure_destination.check(_asked(**{name: _DENIED}), setting())
                for name in ("configuration", "policy", "failure_handling")
            },
        },
    ),
    "open-function-url": Cases(
        passes={
            "no URL": _url(),
            "IAM, for an account of its own": _url(UrlAccess("AWS_IAM"), principal="111122223333"),
        },
        fails={
            "no authentication": _url(UrlAccess("NONE")),
            "one of two": _url(UrlAccess("AWS_IAM"), UrlAccess("NONE")),
            "a type that is not known": _url(UrlAccess("SOMETHING_NEW")),
            "IAM, for everybody": _url(UrlAccess("AWS_IAM")),
            "no permission, so that it answers nobody": _url(
                UrlAccess("NONE"), principal="111122223333"
            ),
        },
        cannot_tell={
            **_without(open_function_url.check),
            "the policy": open_function_url.check(facts(urls=(UrlAccess("NONE"),)), setting()),
            "the alias's policy": open_function_url.check(
                facts(urls=(UrlAccess("AWS_IAM", qualifier="live"),), policy=policy()), setting()
            ),
        },
    ),
    "permissive-cors": Cases(
        passes={
            "no URL": _cors(),
            "any origin, no credentials": _cors(UrlAccess("NONE", ("*",), False)),
            "credentials, one origin": _cors(UrlAccess("NONE", (_SITE,), True)),
            "credentials, origins below a star": _cors(
                UrlAccess("NONE", ("https://*.shop.example",), True)
            ),
            "credentials, no origin": _cors(UrlAccess("NONE", (), True)),
            "each half on a URL of its own": _cors(
                UrlAccess("NONE", ("*",), False), UrlAccess("NONE", (_SITE,), True)
            ),
        },
        fails={
            "any origin with credentials": _cors(UrlAccess("NONE", ("*",), True)),
            "also behind IAM": _cors(UrlAccess("AWS_IAM", ("*",), True)),
            "any origin beside others": _cors(UrlAccess("NONE", (_SITE, "*"), True)),
            "the second of two URLs": _cors(
                UrlAccess("NONE", (_SITE,), True), UrlAccess("NONE", ("*",), True)
            ),
        },
        cannot_tell=_without(permissive_cors.check),
    ),
    "retired-runtime": Cases(
        passes={
            "a container image": _runtime(""),
            "supported for long": _runtime("python3.13"),
            "a preview, of which AWS has set no day": _runtime("nodejs26.x"),
            "a day before the warning time": _days_before_the_end(91),
        },
        fails={
            "retired": _runtime("python3.8"),
            "ends today": _days_before_the_end(0),
            "the first day of the warning time": _days_before_the_end(90),
            "not in the list": _runtime("python9.9"),
        },
        cannot_tell=_without(retired_runtime.check),
    ),
    "risky-call": Cases(
        passes={
            "it opens a layer to the organization": _called(organizationId="o-1"),
            "it opens a layer to an account that is trusted": _called(principal="999988887777"),
        },
        fails={
            "it opens a layer to everybody": _called(),
            "it opens a layer to another account": _called(principal="222233334444"),
        },
        cannot_tell=Never("A call that is no record of CloudTrail is set aside."),
    ),
    "secrets-in-code": Cases(
        passes={"searched to its end": _code(CodeSecrets())},
        fails={"a key": _code(CodeSecrets((SecretPlace("a.py", 1, "private key"),)))},
        cannot_tell={
            **_without(secrets_in_code.check),
            "a file was too large": _code(CodeSecrets(unread=("big.json: too large",))),
            "the search did not end": _code(CodeSecrets(complete=False)),
        },
    ),
    "secrets-in-environment": Cases(
        passes={"no variable": _variables()},
        fails={
            "by its form": _variables(SecretVariable("CI", "github pat")),
            "by its name": _variables(SecretVariable("DB_PASSWORD", "password", by_name=True)),
        },
        cannot_tell=_without(secrets_in_environment.check),
    ),
    "shared-role": Cases(
        passes={
            "two functions": _users("orders", "a"),
            "the third of them tells of it": _users("a", "b", "c", "orders"),
        },
        fails={
            "three functions": _users("a", "b", "orders"),
            "more than three": _users("a", "b", "orders", "c"),
        },
        cannot_tell={
            **_without(shared_role.check),
            "its users": shared_role.check(facts(), setting()),
            "its role": shared_role.check(
                _asked(configuration=_DENIED, role_users=Known((function(),))), setting()
            ),
        },
    ),
    "stale-advisories": Cases(
        passes={
            "as old as the limit": _advisories(timedelta(hours=48)),
            "both lists are current": _advisories(timedelta(0), NOW),
        },
        fails={
            "older than the limit": _advisories(timedelta(hours=48, seconds=1)),
            "no index": advisory_age(_DENIED, function("lambda-warden-advisory-sync"), setting()),
            "the list of exploited flaws": _advisories(timedelta(0), NOW - timedelta(days=3)),
        },
        cannot_tell=Never("Advisories that cannot be read fail: that is what it says."),
    ),
    "tracing-off": Cases(
        passes={"active": _tracing("Active")},
        fails={"passing through": _tracing("PassThrough")},
        cannot_tell={**_without(tracing_off.check), "no mode was told": _tracing("")},
    ),
    "unfamiliar-deployer": Cases(
        passes={
            "the first deployment": _deployed(_deployer("alice", 1)),
            "familiar by its days": _deployed(_deployer("ci", 900), _deployer("alice", 24 * 7)),
            "familiar by its occasions": _deployed(_deployer("ci", 900), _deployer("alice", 9, 2)),
        },
        fails={
            "a newcomer": _deployed(_deployer("ci", 900, 40), _deployer("alice", 1)),
            "nearly familiar": _deployed(_deployer("ci", 900), _deployer("alice", 24 * 7 - 1)),
        },
        cannot_tell=_without(unfamiliar_deployer.check),
    ),
    "unread-contents": Cases(
        passes={
            "all understood": _contents(Inventory((_JINJA,)), CodeSecrets()),
            "nothing inside, and nothing wrong": _contents(Inventory()),
        },
        fails={
            "a part": _contents(Inventory((_JINJA,), (Problem("bundled-code", "x.js"),))),
            "everything": _contents(Inventory((), (Problem("zip-encrypted", "a.py"),))),
            "versions of bundled packages that matter": unread_contents.check(
                facts(
                    inventory=Inventory((_BUNDLED,)),
                    matches=MatchResult(undecided=(Undecided(_BUNDLED, ("GHSA-1",), "unknown"),)),
                ),
                setting(),
            ),
            "the download": unread_contents.check(_unknown(inventory=_DENIED), setting()),
            "the search for credentials": _contents(
                Inventory((_JINJA,)), CodeSecrets(unread=("a.json: too large",))
            ),
        },
        cannot_tell={
            **_without(unread_contents.check),
            "the function itself": unread_contents.check(
                _asked(configuration=_DENIED, inventory=_DENIED), setting()
            ),
            "nobody looked inside": unread_contents.check(facts(), setting()),
        },
    ),
    "unread-function": Cases(
        passes={
            "everything was read": unread_function.check(_unknown(), setting()),
            "what was not asked for": unread_function.check(facts(), setting()),
        },
        fails={
            name: unread_function.check(_unknown(**{name: _DENIED}), setting())
            for name in (
                "configuration",
                "policy",
                "urls",
                "secret_variables",
                "role_rights",
                "failure_handling",
            )
        },
        cannot_tell=Never("What cannot be read fails: that is what it says."),
    ),
    "vulnerable-package": Cases(
        passes={"no advisory": _packages()},
        fails={
            "a flaw": _packages(vulnerability(_JINJA)),
            "a flaw that attackers use": _packages(
                vulnerability(
                    _JINJA,
                    exploited=Exploitation("CVE-2019-10906", date(2026, 3, 1), by_ransomware=True),
                )
            ),
            "a flaw that nobody rated": _packages(
                vulnerability(_JINJA, severity=None, score=None, vector="")
            ),
            "a version without order": _packages(
                undecided=(Undecided(_JINJA, ("GHSA-1",), "version '2.10+acme' has no order"),)
            ),
        },
        cannot_tell={
            **_without(vulnerable_package.check),
            "the advisories": vulnerable_package.check(facts(inventory=Inventory()), setting()),
            "the code": vulnerable_package.check(facts(matches=MatchResult()), setting()),
            "the version": _packages(undecided=(Undecided(_BUNDLED, ("GHSA-1",), "unknown"),)),
            "a part of the advisories": vulnerable_package.check(
                facts(
                    inventory=Inventory((_JINJA,)),
                    matches=MatchResult(problems=(Problem("no-index", "npm"),)),
                ),
                setting(),
            ),
            "a part of the code": _packages(
                inventory=Inventory((_JINJA,), (Problem("bundled-code", "x.js"),))
            ),
        },
    ),
    "world-open-policy": Cases(
        passes={
            "no statement": world_open_policy.check(facts(policy=policy()), setting()),
            "an account": _policy("111122223333"),
            "a service": _policy({"Service": "s3.amazonaws.com"}),
            "narrowed to an account": _policy(StringEquals__aws__SourceAccount=["111122223333"]),
            "narrowed to an organization": _policy(StringEquals__aws__PrincipalOrgID=["o-abc"]),
            "narrowed to a pattern": _policy(ArnLike__aws__SourceArn=["arn:aws:s3:::orders-*"]),
            "for a URL, which another rule judges": _policy(
                StringEquals__lambda__FunctionUrlAuthType=["NONE"]
            ),
        },
        fails={
            "everybody": _policy(),
            "everybody from anywhere": _policy(StringLike__aws__PrincipalArn=["*"]),
            "anywhere is among the alternatives": _policy(
                StringLike__aws__PrincipalOrgID=["o-abc", "*"]
            ),
            "a condition that narrows nobody": _policy(Bool__aws__SecureTransport=["true"]),
            "everybody in a network": _policy(IpAddress__aws__SourceIp=["203.0.113.0/24"]),
        },
        cannot_tell=_without(world_open_policy.check),
    ),
}
