"""From the table to IAM."""

from collections.abc import Iterable

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam

from stacks.permissions.grant import Grant
from stacks.permissions.places import Places


def policy_document(grants: Iterable[Grant], places: Places) -> iam.PolicyDocument:
    """The policy that says exactly what the grants say."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid=grant.name,
                effect=iam.Effect.DENY if grant.denied else iam.Effect.ALLOW,
                actions=list(grant.actions),
                resources=[arn for one in grant.resources for arn in places.fill(one)],
                conditions={key: dict(value) for key, value in grant.conditions.items()} or None,
            )
            for grant in grants
        ]
    )


def explain_wildcards(role: iam.Role, grants: Iterable[Grant], places: Places) -> None:
    """Give each wildcard's reason to cdk-nag, which asks for one where a role allows a `*`."""
    for grant in grants:
        for resource in grant.resources:
            if "*" in resource and not grant.denied:
                for arn in places.fill(resource):
                    shown = _as_shown(role, arn)
                    Validations.of(role).acknowledge(
                        Acknowledgment(
                            id=f"AwsSolutions-IAM5[Resource::{shown}]", reason=grant.wildcard
                        )
                    )


def _as_shown(role: iam.Role, arn: str) -> str:
    """An ARN as cdk-nag writes it: references as `<LogicalId.Attribute>`."""
    return _flatten(Stack.of(role).resolve(arn))


def _flatten(value: object) -> str:
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(_flatten(part) for part in parts)
    raise TypeError(f"cannot show {value!r}")
