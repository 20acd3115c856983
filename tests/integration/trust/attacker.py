"""A function's role with the broad rights that such roles often have, in somebody else's hands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.integration.stack.scene import Scene

_BROAD: Final = (
    "dynamodb:*",
    "events:PutEvents",
    "lambda:InvokeFunction",
    "lambda:TagResource",
    "sqs:SendMessage",
)


@dataclass(frozen=True, slots=True)
class Attacker:
    """Credentials of a session of that role.

    Attributes:
        scene: The stage.
        keys: The credentials, as clients take them.
    """

    scene: Scene
    keys: Mapping[str, str]

    @classmethod
    def of(cls, scene: Scene, actions: tuple[str, ...] = _BROAD) -> "Attacker":
        """A new role that may do these things to everything, and a session of it."""
        iam, sts = scene.aws.client("iam"), scene.aws.client("sts")
        name = "somebody-elses"
        trusted = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{scene.aws.account}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))["Role"]
        allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.put_role_policy(
            RoleName=name,
            PolicyName="broad",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )
        # The session's name is the attacker's choice: that of a part of Warden.
        return cls._as(sts, scene, role["Arn"], "lambda-warden-anomaly-detector")

    @classmethod
    def in_the_role_of(cls, scene: Scene, part: str) -> "Attacker":
        """Somebody who took a part of Warden over: its role, with all that it may do."""
        function = scene.aws.client("lambda").get_function_configuration(
            FunctionName=f"lambda-warden-{part}"
        )
        iam, sts = scene.aws.client("iam"), scene.aws.client("sts")
        trusted = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{scene.aws.account}:root"},
                    "Action": "sts:AssumeRole",
                },
            ],
        }
        name = function["Role"].rpartition("/")[2]
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trusted))
        return cls._as(sts, scene, function["Role"], "taken-over")

    @classmethod
    def _as(cls, sts: Any, scene: Scene, role: str, session: str) -> "Attacker":
        keys = sts.assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        return cls(
            scene,
            {
                "aws_access_key_id": keys["AccessKeyId"],
                "aws_secret_access_key": keys["SecretAccessKey"],
                "aws_session_token": keys["SessionToken"],
            },
        )

    def client(self, service: str) -> Any:
        """A client with the session's credentials."""
        return self.scene.aws.client(service, **self.keys)

    def send(self, queue: str, message: object) -> None:
        """Put a message into a queue."""
        body = message if isinstance(message, str) else json.dumps(message)
        self.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
