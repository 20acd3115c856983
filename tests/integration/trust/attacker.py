"""A function's role with the broad rights that such roles often have, in somebody else's hands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.integration.stack.scene import Scene, session, trusting

_BROAD: Final = (
    "events:PutEvents",
    "lambda:InvokeFunction",
    "lambda:TagResource",
    "s3:PutObject",
    "sqs:SendMessage",
)


@dataclass(frozen=True, slots=True)
class Attacker:
    """Credentials of a session of some role.

    Attributes:
        scene: The stage.
        keys: The credentials, as clients take them.
    """

    scene: Scene
    keys: Mapping[str, str]

    @classmethod
    def of(cls, scene: Scene) -> "Attacker":
        """A new role that may do these things to everything, and a session of it."""
        allowed = {"Effect": "Allow", "Action": list(_BROAD), "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [allowed]}
        # The session's name is the attacker's choice: that of a part of Warden.
        return cls.allowed(scene, "somebody-elses", policy, "lambda-warden-anomaly-detector")

    @classmethod
    def allowed(
        cls, scene: Scene, name: str, policy: Mapping[str, Any], called: str = "session"
    ) -> "Attacker":
        """A new role of a name that may do what a policy says, and a session of it."""
        iam = scene.aws.client("iam")
        trusted = trusting({"Service": "lambda.amazonaws.com"}, scene.aws.account)
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))["Role"]
        iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=json.dumps(policy))
        return cls(scene, session(scene.aws, role["Arn"], called))

    @classmethod
    def in_the_role_of(cls, scene: Scene, part: str) -> "Attacker":
        """Somebody who took a part of Warden over: its role, with all that it may do."""
        return cls(scene, scene.keys_of(part))

    def client(self, service: str) -> Any:
        """A client with the session's credentials."""
        return self.scene.aws.client(service, **self.keys)

    def send(self, queue: str, message: object) -> None:
        """Put a message into a queue."""
        body = message if isinstance(message, str) else json.dumps(message)
        self.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
