"""How AWS authorizes some calls that the emulator files under another action or resource.

Source: the Service Authorization Reference of Lambda, SQS and EventBridge Scheduler. Without these
a role could hold exactly what it needs on AWS and still be refused here, or the other way round.
"""

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

_FUNCTION_READS: Final = {
    "concurrency": "lambda:GetFunctionConcurrency",
    "urls": "lambda:ListFunctionUrlConfigs",
    "event-invoke-config": "lambda:GetFunctionEventInvokeConfig",
    "event-invoke-config/list": "lambda:ListFunctionEventInvokeConfigs",
    "provisioned-concurrency": "lambda:ListProvisionedConcurrencyConfigs",
}
BATCHES: Final = {
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
"""Calls that are no actions of their own: who may do one may do many (SQS developer guide,
"Amazon SQS API permissions")."""
_LAYER_PARTS: Final = 3  # layers, its name, versions


def action(service: str, method: str, path: str) -> str | None:
    """The action that authorizes a call; None where the emulator's own answer is right."""
    if service != "lambda":
        return None
    parts = _parts(path)
    if "layers" in parts and "versions" in parts:
        return "lambda:GetLayerVersion" if method == "GET" else None
    named = parts[parts.index("functions") + 2 :] if "functions" in parts else []
    if not named:
        return None
    if method == "DELETE" and named[0] == "concurrency":
        return "lambda:DeleteFunctionConcurrency"
    return _FUNCTION_READS.get("/".join(named)) if method == "GET" else None


def resource(
    service: str, method: str, path: str, body: bytes, *, region: str, account: str
) -> str | None:
    """The ARN that a call is authorized on; None where the emulator's own answer is right."""
    parts = _parts(path)
    if service == "scheduler" and "schedules" in parts[:-1] and method == "POST":
        name = parts[parts.index("schedules") + 1]
        return f"arn:aws:scheduler:{region}:{account}:schedule/{_group(body)}/{name}"
    if service == "lambda" and "layers" in parts:
        layer = parts[parts.index("layers") :]
        if len(layer) > _LAYER_PARTS and layer[2] == "versions":
            name = unquote(layer[1])
            arn = (
                name
                if name.startswith("arn:")
                else f"arn:aws:lambda:{region}:{account}:layer:{name}"
            )
            return f"{arn}:{layer[3]}"
    return None


def _parts(path: str) -> Sequence[str]:
    return [part for part in path.split("/") if part]


def _group(body: bytes) -> str:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return "default"
    group = document.get("GroupName") if isinstance(document, dict) else None
    return group if isinstance(group, str) and group else "default"
