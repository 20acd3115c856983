"""Policies, and who from outside they let in: derived by hand from what AWS documents.

The sources are the IAM user guide's pages on policy elements, condition operators, set operators,
policy variables and evaluation logic, and the Lambda developer guide on resource-based policies and
function URLs. Nothing here was taken from what the evaluator answers.
"""

from dataclasses import dataclass
from typing import Any, Final

OWN: Final = "111122223333"
OTHER: Final = "999988887777"
FUNCTION: Final = f"arn:aws:lambda:eu-west-1:{OWN}:function:orders"

NOBODY: Final = frozenset[str]()
EVERYBODY: Final = frozenset({"everybody"})
NETWORK: Final = frozenset({"everybody in a network"})
S3: Final = frozenset({"s3.amazonaws.com"})
SNS: Final = frozenset({"sns.amazonaws.com"})
ANY_SERVICE: Final = frozenset({"any-service.amazonaws.com"})
ACCOUNT: Final = frozenset({OTHER})

_BY_S3: Final = {"Service": "s3.amazonaws.com"}
_BY_SNS: Final = {"Service": "sns.amazonaws.com"}
_ORG: Final = {"aws:PrincipalOrgID": "o-abcdefghij"}
_OWN_ACCOUNT: Final = {"aws:SourceAccount": OWN}


@dataclass(frozen=True, slots=True)
class Case:
    """One policy and who is let in."""

    name: str
    statements: tuple[dict[str, Any], ...]
    lets_in: frozenset[str]
    version: str = "2012-10-17"


def _statement(effect: str, principal: Any, condition: Any, **more: Any) -> dict[str, Any]:
    body = {"Sid": effect.lower(), "Effect": effect, "Action": "lambda:InvokeFunction"}
    body |= {"Resource": FUNCTION, **more}
    if principal is not None:
        body["Principal"] = principal
    return body | ({"Condition": condition} if condition else {})


def allow(principal: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    """An allowing statement."""
    return _statement("Allow", principal, condition, **more)


def deny(principal: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    """A denying statement."""
    return _statement("Deny", principal, condition, **more)


def _on(operator: str, lets_in: frozenset[str], **keys: Any) -> Case:
    """Everybody, under one condition."""
    condition = {operator: {key.replace("__", ":"): value for key, value in keys.items()}}
    return Case(f"* with {condition}", (allow("*", condition),), lets_in)


def _by(service: dict[str, str], operator: str, lets_in: frozenset[str], **keys: Any) -> Case:
    """A service, under one condition."""
    condition = {operator: {key.replace("__", ":"): value for key, value in keys.items()}}
    return Case(f"{service['Service']} with {condition}", (allow(service, condition),), lets_in)


_PRINCIPALS: Final = (
    Case("no statement", (), NOBODY),
    Case("everybody", (allow("*"),), EVERYBODY),
    Case("everybody, spelled as AWS", (allow({"AWS": "*"}),), EVERYBODY),
    Case("everybody among others", (allow({"AWS": [OWN, "*"]}),), EVERYBODY),
    Case("the own account", (allow({"AWS": OWN}),), NOBODY),
    Case("the own account's root", (allow({"AWS": f"arn:aws:iam::{OWN}:root"}),), NOBODY),
    Case("another account", (allow({"AWS": OTHER}),), ACCOUNT),
    Case("another account's root", (allow({"AWS": f"arn:aws:iam::{OTHER}:root"}),), ACCOUNT),
    Case("another account's role", (allow({"AWS": f"arn:aws:iam::{OTHER}:role/x"}),), ACCOUNT),
    Case("another account's user", (allow({"AWS": f"arn:aws:iam::{OTHER}:user/x"}),), ACCOUNT),
    Case(
        "another account's session",
        (allow({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/x/y"}),),
        ACCOUNT,
    ),
    Case("a deleted role, which nobody is", (allow({"AWS": "AROAEXAMPLEID12345678"}),), NOBODY),
    Case("everybody but oneself", (allow(None, NotPrincipal={"AWS": OWN}),), EVERYBODY),
    Case(
        "everybody, and a Deny for all but oneself",
        (allow("*"), deny(None, NotPrincipal={"AWS": f"arn:aws:iam::{OWN}:root"})),
        NOBODY,
    ),
    Case(
        "everybody, and a Deny for all but another account",
        (allow("*"), deny(None, NotPrincipal={"AWS": OTHER})),
        ACCOUNT,
    ),
    Case("a service", (allow(_BY_SNS),), SNS),
    Case("a service, spelled as a principal", (allow("sns.amazonaws.com"),), SNS),
    Case("an identity provider, which calls nothing", (allow({"Federated": "x"}),), NOBODY),
)

_ACTIONS: Final = (
    Case("every action of Lambda", (allow("*", Action="lambda:*"),), EVERYBODY),
    Case("every action", (allow("*", Action="*"),), EVERYBODY),
    Case("an action in other letters", (allow("*", Action="LAMBDA:invokefunction"),), EVERYBODY),
    Case("an action by pattern", (allow("*", Action="lambda:Invoke*"),), EVERYBODY),
    Case("reading the code", (allow("*", Action="lambda:GetFunction"),), EVERYBODY),
    Case("all but an action", (allow("*", Action=None, NotAction="lambda:Get*"),), EVERYBODY),
    Case(
        "a Deny for another action",
        (allow("*"), deny("*", Action="lambda:GetFunction")),
        EVERYBODY,
    ),
    Case("a Deny for the action", (allow("*"), deny("*", Action="lambda:Invoke*")), NOBODY),
    Case(
        "a Deny for all but the action",
        (allow("*"), deny("*", Action=None, NotAction="lambda:InvokeFunction")),
        EVERYBODY,
    ),
    Case("only a Deny", (deny("*"),), NOBODY),
    Case("only the URL's action", (allow("*", Action="lambda:InvokeFunctionUrl"),), NOBODY),
    Case("another function", (allow("*", Resource=f"{FUNCTION}-2"),), NOBODY),
    Case("every function", (allow("*", Resource="*"),), EVERYBODY),
    Case("every version of it", (allow("*", Resource=f"{FUNCTION}:*"),), EVERYBODY),
    Case(
        "a Deny for another function",
        (allow("*"), deny("*", Resource=f"{FUNCTION}-2")),
        EVERYBODY,
    ),
)

_IDENTITY: Final = (
    _on("StringEquals", NOBODY, aws__PrincipalOrgID="o-abcdefghij"),
    _on("StringEquals", NOBODY, aws__PrincipalOrgID="o-*"),
    _on("StringLike", EVERYBODY, aws__PrincipalOrgID="o-*"),
    _on("StringLike", EVERYBODY, aws__PrincipalOrgID=["o-abcdefghij", "*"]),
    _on("StringEqualsIfExists", EVERYBODY, aws__PrincipalOrgID="o-abcdefghij"),
    _on("StringNotEquals", EVERYBODY, aws__PrincipalOrgID="o-abcdefghij"),
    _on("StringEquals", NOBODY, AWS__PRINCIPALORGID="o-abcdefghij"),
    _on("StringEquals", NOBODY, aws__PrincipalOrgID="${aws:ResourceOrgID}"),
    _on("Null", EVERYBODY, aws__PrincipalOrgID="true"),
    _on("Null", EVERYBODY, aws__PrincipalOrgID="false"),
    _on("ForAnyValue:StringLike", NOBODY, aws__PrincipalOrgPaths="o-abcdefghij/*"),
    _on("ForAnyValue:StringLike", EVERYBODY, aws__PrincipalOrgPaths="o-*/r-ab12/*"),
    _on("ForAllValues:StringLike", EVERYBODY, aws__PrincipalOrgPaths="o-abcdefghij/*"),
    _on("StringEquals", NOBODY, aws__PrincipalAccount=OWN),
    _on("StringEquals", ACCOUNT, aws__PrincipalAccount=[OWN, OTHER]),
    _on("StringNotEquals", EVERYBODY, aws__PrincipalAccount=OTHER),
    _on("StringLike", EVERYBODY, aws__PrincipalAccount="1111*"),
    _on("ArnLike", NOBODY, aws__PrincipalArn=f"arn:aws:iam::{OWN}:role/*"),
    _on("ArnLike", ACCOUNT, aws__PrincipalArn=f"arn:aws:iam::{OTHER}:role/deploy-*"),
    _on("ArnLike", EVERYBODY, aws__PrincipalArn="arn:aws:iam::*:role/deploy"),
    _on("StringLike", EVERYBODY, aws__PrincipalArn="*"),
    _on("ArnNotLike", EVERYBODY, aws__PrincipalArn=f"arn:aws:iam::{OWN}:role/*"),
    _on("StringLike", NOBODY, aws__userid="AROAEXAMPLEID12345678:*"),
    _on("StringEquals", EVERYBODY, aws__PrincipalTag__team="payments"),
    _on("StringEquals", EVERYBODY, aws__username="admin"),
)

_CIRCUMSTANCES: Final = (
    _on("Bool", EVERYBODY, aws__SecureTransport="true"),
    _on("Bool", NOBODY, aws__SecureTransport="false"),
    _on("Bool", EVERYBODY, aws__MultiFactorAuthPresent="true"),
    _on("StringLike", EVERYBODY, aws__UserAgent="*partner*"),
    _on("StringEquals", EVERYBODY, aws__Referer="https://partner.example"),
    _on("DateGreaterThan", EVERYBODY, aws__CurrentTime="2020-01-01T00:00:00Z"),
    _on("DateLessThan", NOBODY, aws__CurrentTime="2020-01-01T00:00:00Z"),
    _on("NumericLessThan", EVERYBODY, aws__MultiFactorAuthAge="3600"),
    _on("StringEquals", EVERYBODY, aws__RequestedRegion="eu-west-1"),
    _on("StringEquals", NOBODY, aws__RequestedRegion="us-east-1"),
    _on("StringEquals", EVERYBODY, aws__ResourceAccount=OWN),
    _on("StringEquals", NOBODY, lambda__FunctionUrlAuthType="NONE"),
    _on("Bool", NOBODY, lambda__InvokedViaFunctionUrl="true"),
    _on("Bool", ANY_SERVICE, aws__PrincipalIsAWSService="true"),
    _on("Bool", EVERYBODY, aws__PrincipalIsAWSService="false"),
)

_NETWORKS: Final = (
    _on("IpAddress", NETWORK, aws__SourceIp="203.0.113.0/24"),
    _on("IpAddress", NETWORK, aws__SourceIp=["203.0.113.7", "198.51.100.0/24"]),
    _on("IpAddress", EVERYBODY, aws__SourceIp="0.0.0.0/0"),
    _on("IpAddress", EVERYBODY, aws__SourceIp=["0.0.0.0/1", "128.0.0.0/1"]),
    _on("IpAddress", EVERYBODY, aws__SourceIp="::/0"),
    _on("NotIpAddress", EVERYBODY, aws__SourceIp="203.0.113.0/24"),
    _on("StringEquals", NETWORK, aws__SourceVpc="vpc-0123456789abcdef0"),
    _on("StringEquals", NETWORK, aws__SourceVpce="vpce-0123456789abcdef0"),
    _on("StringLike", EVERYBODY, aws__SourceVpce="vpce-*"),
    _on("StringNotEquals", EVERYBODY, aws__SourceVpce="vpce-0123456789abcdef0"),
    _on("StringEquals", NETWORK, aws__VpceOrgID="o-abcdefghij"),
    _on("StringEquals", NETWORK, aws__VpceAccount=OWN),
    _on("ArnLike", NETWORK, aws__SourceVpcArn=f"arn:aws:ec2:*:{OWN}:vpc/*"),
    _on("ArnLike", EVERYBODY, aws__SourceVpcArn="arn:aws:ec2:*:*:vpc/*"),
    _on("IpAddress", EVERYBODY, aws__VpcSourceIp="10.1.0.0/16"),
    Case(
        "everybody, and a Deny outside of a network",
        (allow("*"), deny("*", {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
        NETWORK,
    ),
)

_SERVICES: Final = (
    _by(_BY_S3, "StringEquals", NOBODY, aws__SourceAccount=OWN),
    _by(_BY_S3, "StringEquals", ACCOUNT, aws__SourceAccount=OTHER),
    _by(_BY_S3, "StringEquals", ACCOUNT, aws__SourceAccount=[OWN, OTHER]),
    _by(_BY_S3, "StringLike", S3, aws__SourceAccount="*"),
    _by(_BY_S3, "ArnLike", NOBODY, AWS__SourceArn="arn:aws:s3:::orders"),
    _by(_BY_S3, "ArnLike", S3, AWS__SourceArn="arn:aws:s3:::*"),
    _by(_BY_S3, "ArnLike", S3, AWS__SourceArn="arn:aws:s3:::orders-*"),
    _by(_BY_S3, "StringLike", S3, AWS__SourceArn="arn:aws:s3:*"),
    _by(_BY_S3, "StringEquals", NOBODY, AWS__SourceArn="arn:aws:s3:::*"),
    _by(_BY_SNS, "ArnLike", NOBODY, AWS__SourceArn=f"arn:aws:sns:eu-west-1:{OWN}:orders"),
    _by(_BY_SNS, "ArnLike", NOBODY, AWS__SourceArn=f"arn:aws:sns:*:{OWN}:*"),
    _by(_BY_SNS, "ArnLike", SNS, AWS__SourceArn="arn:aws:sns:*:*:orders"),
    _by(_BY_SNS, "ArnLike", ACCOUNT, AWS__SourceArn=f"arn:aws:sns:eu-west-1:{OTHER}:orders"),
    _by(_BY_SNS, "ArnNotLike", SNS, AWS__SourceArn=f"arn:aws:sns:eu-west-1:{OTHER}:orders"),
    _by(_BY_SNS, "StringEquals", NOBODY, aws__SourceOrgID="o-abcdefghij"),
    _by(_BY_SNS, "StringLike", SNS, aws__SourceOrgID="o-*"),
    _by(_BY_SNS, "StringEqualsIfExists", SNS, aws__SourceOrgID="o-abcdefghij"),
    _by(_BY_SNS, "StringEquals", NOBODY, aws__PrincipalOrgID="o-abcdefghij"),
    _by(
        {"Service": "alexa-appkit.amazon.com"},
        "StringEquals",
        NOBODY,
        lambda__EventSourceToken="amzn1.ask.skill.x",
    ),
    Case(
        "a bucket of any account's name, and a Deny for other accounts",
        (
            allow(_BY_S3, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}),
            deny(_BY_S3, {"StringNotEquals": _OWN_ACCOUNT}),
        ),
        NOBODY,
    ),
    Case(
        "both the bucket and its account",
        (
            allow(
                _BY_S3,
                {"StringEquals": _OWN_ACCOUNT, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
            ),
        ),
        NOBODY,
    ),
    Case(
        "two services, one of them for its own account only",
        (allow(_BY_S3, {"StringEquals": _OWN_ACCOUNT}), allow(_BY_SNS, Sid="sns")),
        SNS,
    ),
)

_DENIES: Final = (
    Case(
        "everybody, and a Deny outside of the organization",
        (allow("*"), deny("*", {"StringNotEquals": _ORG})),
        NOBODY,
    ),
    Case(
        # Callers outside of any organization have no such key, and so are not denied.
        "everybody, and a Deny for those known to be of another organization",
        (allow("*"), deny("*", {"StringNotEqualsIfExists": _ORG, "Null": {
            "aws:PrincipalOrgID": "false"}})),
        EVERYBODY,
    ),
    Case(
        "everybody, and a Deny outside of the organization that spares services",
        (
            allow("*"),
            deny("*", {"StringNotEqualsIfExists": _ORG, "BoolIfExists": {
                "aws:PrincipalIsAWSService": "false"}}),
        ),
        NOBODY,
    ),
    Case(
        "everybody, and a Deny for one account",
        (allow("*"), deny({"AWS": OTHER})),
        EVERYBODY,
    ),
    Case(
        "an account, and a Deny for it",
        (allow({"AWS": OTHER}), deny({"AWS": OTHER})),
        NOBODY,
    ),
    Case(
        "an account, and a Deny for one of its roles",
        (allow({"AWS": OTHER}), deny({"AWS": f"arn:aws:iam::{OTHER}:role/x"})),
        ACCOUNT,
    ),
    Case(
        "everybody, and a Deny without transport security, which nobody lacks",
        (allow("*"), deny("*", {"Bool": {"aws:SecureTransport": "false"}})),
        EVERYBODY,
    ),
    Case(
        "everybody, and a Deny of all but a tag that anybody can give themselves",
        (allow("*"), deny("*", {"StringNotEquals": {"aws:PrincipalTag/team": "payments"}})),
        EVERYBODY,
    ),
    Case(
        "everybody, and a Deny by a set that is empty for callers without it",
        (allow("*"), deny("*", {"ForAllValues:StringLike": {"aws:TagKeys": "x"}})),
        EVERYBODY,
    ),
    Case(
        "everybody of an organization, and everybody elsewhere by another statement",
        (allow("*", {"StringEquals": _ORG}), allow("*", {"StringNotEquals": _ORG}, Sid="b")),
        EVERYBODY,
    ),
)  # fmt: skip

_VARIABLES: Final = (
    Case(
        # With the older version, a variable is text that no account is.
        "a variable in a policy of the older version",
        (allow("*", {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}),),
        NOBODY,
        version="2008-10-17",
    ),
    Case(
        "a variable that is true of everybody",
        (allow("*", {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}),),
        EVERYBODY,
    ),
    Case(
        "the account of the resource",
        (allow("*", {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}),),
        NOBODY,
    ),
    Case(
        "a star that is none",
        (allow("*", {"StringLike": {"aws:PrincipalOrgID": "o-${*}"}}),),
        NOBODY,
    ),
)

CASES: Final = (
    *_PRINCIPALS,
    *_ACTIONS,
    *_IDENTITY,
    *_CIRCUMSTANCES,
    *_NETWORKS,
    *_SERVICES,
    *_DENIES,
    *_VARIABLES,
)


@dataclass(frozen=True, slots=True)
class UrlCase:
    """A function URL, its policy, and how far it reaches."""

    name: str
    auth_type: str
    statements: tuple[dict[str, Any], ...]
    reach: str
    created: str = "2025-11-20"
    today: str = "2026-03-02"


_URL: Final = {"Action": "lambda:InvokeFunctionUrl"}
_BOTH: Final = {"Action": ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]}
_TYPE_NONE: Final = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
_TYPE_IAM: Final = {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}
_VIA_URL: Final = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}

URL_CASES: Final = (
    UrlCase("without a permission", "NONE", (), "NOBODY"),
    UrlCase(
        "as the console makes it",
        "NONE",
        (allow("*", _TYPE_NONE, **_URL), allow("*", _VIA_URL, Sid="b")),
        "INTERNET",
    ),
    UrlCase("one permission of two", "NONE", (allow("*", _TYPE_NONE, **_URL),), "NOBODY"),
    UrlCase("the other permission of two", "NONE", (allow("*"),), "NOBODY"),
    UrlCase(
        "one permission, made before there were two",
        "NONE",
        (allow("*", _TYPE_NONE, **_URL),),
        "INTERNET",
        created="2024-05-01",
    ),
    UrlCase(
        "the same after the exception ended",
        "NONE",
        (allow("*", _TYPE_NONE, **_URL),),
        "NOBODY",
        created="2024-05-01",
        today="2026-11-02",
    ),
    UrlCase("permissions of the other type", "NONE", (allow("*", _TYPE_IAM, **_BOTH),), "NOBODY"),
    UrlCase("only for an account", "NONE", (allow({"AWS": OTHER}, **_BOTH),), "NOBODY"),
    UrlCase(
        "only for an organization", "NONE", (allow("*", {"StringEquals": _ORG}, **_BOTH),), "NOBODY"
    ),
    UrlCase("with a Deny", "NONE", (allow("*", **_BOTH), deny("*", **_URL)), "NOBODY"),
    UrlCase("with a Deny for the second", "NONE", (allow("*", **_BOTH), deny("*")), "NOBODY"),
    UrlCase("everything allowed", "NONE", (allow("*", Action="lambda:*"),), "INTERNET"),
    UrlCase(
        "only from a network",
        "NONE",
        (allow("*", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, **_BOTH),),
        "NETWORK",
    ),
    UrlCase("IAM without a policy", "AWS_IAM", (), "INSIDE"),
    UrlCase("IAM for everybody", "AWS_IAM", (allow("*", **_BOTH),), "EVERY_ACCOUNT"),
    UrlCase(
        "IAM for everybody of the type",
        "AWS_IAM",
        (allow("*", _TYPE_IAM, **_BOTH),),
        "EVERY_ACCOUNT",
    ),
    UrlCase(
        "IAM, policy for the other type", "AWS_IAM", (allow("*", _TYPE_NONE, **_BOTH),), "INSIDE"
    ),
    UrlCase(
        "IAM for the organization",
        "AWS_IAM",
        (allow("*", {"StringEquals": _ORG}, **_BOTH),),
        "INSIDE",
    ),
    UrlCase("IAM for an account", "AWS_IAM", (allow({"AWS": OTHER}, **_BOTH),), "INSIDE"),
    UrlCase("IAM, one permission of two", "AWS_IAM", (allow("*", **_URL),), "INSIDE"),
)
