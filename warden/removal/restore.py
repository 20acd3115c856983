"""Putting a function back from its archive, step by step; what AWS cannot put back is said.

Each step looks at what is there before it acts, so that a restore that was cut off is run again.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from functions.shared.aws.clients import Aws, ClientError, error_code
from functions.shared.core.arn import FunctionArn
from warden.removal.archive import Archive, Store
from warden.removal.description import LATEST, Description, describe

_PAUSE: Final = 0.5
_ATTEMPTS: Final = 240
_CREATE_ONLY: Final = frozenset({"PackageType", "Architectures", "CodeSha256", "ImageUri"})
# What GetFunctionConfiguration says in other words than CreateFunction takes; the rest is the same.
_SKIPPED: Final = frozenset(
    {"CodeSha256", "ImageUri", "FunctionName", "ImageConfigResponse", "ConfigSha256"}
)
_STATEMENT: Final = {
    "aws:sourcearn": "SourceArn",
    "aws:sourceaccount": "SourceAccount",
    "aws:principalorgid": "PrincipalOrgID",
    "lambda:functionurlauthtype": "FunctionUrlAuthType",
    "lambda:eventsourcetoken": "EventSourceToken",
}
"""Conditions that AddPermission writes, by its parameter."""


class RefusedRestoreError(RuntimeError):
    """There is a function of that name, and it is not this one."""


@dataclass(slots=True)
class Restored:
    """What a restore did.

    Attributes:
        versions: The new number of each archived version.
        not_restored: What AWS does not let anybody put back, in words.
        differences: Fields that are not as they were; empty where everything is.
    """

    versions: dict[str, str] = field(default_factory=dict)
    not_restored: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def restore(aws: Aws, store: Store, archive: Archive, *, begun: bool) -> Restored:
    """Put a function back, and compare it with its archive field by field.

    Args:
        aws: Clients with the right to create the function.
        store: Where the archive is.
        archive: The archive, read and found whole.
        begun: Whether a restore from it was begun before: what is there may be its beginning.

    Raises:
        RefusedRestoreError: A function of this name was created meanwhile.
        ClientError: AWS refused; run it again.
    """
    done = Restored()
    done.not_restored += list(archive.unread)
    document = archive.document
    present = describe(aws, archive.function)
    if present is not None and not (begun and _is_beginning(present, archive)):
        raise RefusedRestoreError(
            "a function of this name exists that is not the archived one; it was created meanwhile"
        )
    _versions(aws, store, archive, done, exists=present is not None)
    client, name = aws.lambda_, str(archive.function)
    _aliases(client, name, document, done)
    _policies(client, name, document, done)
    for url in document["urls"]:
        _settle(partial(client.create_function_url_config, FunctionName=name, **_of(url)))
        done.not_restored.append(
            f"the address of the function URL{_at(url)}: AWS makes a new one for each"
        )
    for config in document["invoke_configs"]:
        client.put_function_event_invoke_config(FunctionName=name, **_of(config))
    for one in document["provisioned_concurrency"]:
        qualifier = done.versions.get(one["Qualifier"], one["Qualifier"])
        client.put_provisioned_concurrency_config(
            FunctionName=name,
            Qualifier=qualifier,
            ProvisionedConcurrentExecutions=one["Executions"],
        )
    if document["reserved_concurrency"] is not None:
        client.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=document["reserved_concurrency"]
        )
    _log_retention(aws, archive.function, document)
    _event_sources(client, name, document, done)
    done.differences = differences(archive, describe(aws, archive.function), done.versions)
    return done


def differences(
    archive: Archive, present: Description | None, versions: Mapping[str, str]
) -> list[str]:
    """What is not as it was: the path of each field, with both values. Pure."""
    if present is None:
        return ["the function is not there"]
    was = _renumbered(archive.document, versions)
    return _compare("", was, present.document)


def _compare(path: str, was: Any, now: Any) -> list[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        found = []
        for key in sorted({*was, *now}):
            found += _compare(f"{path}.{key}" if path else key, was.get(key), now.get(key))
        return found
    if was == now:
        return []
    return [f"{path}: was {json.dumps(was)[:200]}, is {json.dumps(now)[:200]}"]


def _renumbered(document: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, Any]:
    """The document with the new numbers of its versions."""
    renamed = dict(json.loads(json.dumps(document)))

    def new(name: str) -> str:
        return versions.get(name, name)

    renamed["versions"] = {new(number): one for number, one in renamed["versions"].items()}
    renamed["policies"] = {new(one): body for one, body in renamed["policies"].items()}
    for alias in renamed["aliases"]:
        alias["FunctionVersion"] = new(alias["FunctionVersion"])
        alias["Weights"] = {new(one): weight for one, weight in alias["Weights"].items()}
    for part in ("provisioned_concurrency", "urls", "event_sources", "invoke_configs"):
        for one in renamed[part]:
            one["Qualifier"] = new(one["Qualifier"])
    return renamed


def _is_beginning(present: Description, archive: Archive) -> bool:
    """Whether what is there can be what a restore from this archive left unfinished."""
    codes = {one.get("CodeSha256") for one in archive.document["versions"].values()}
    now = present.document["versions"][LATEST]
    was = archive.document["versions"][LATEST]
    return now.get("CodeSha256") in codes and now["Role"] == was["Role"]


def _versions(aws: Aws, store: Store, archive: Archive, done: Restored, *, exists: bool) -> None:
    """Publish each archived version in its order, and leave the unpublished code as it was."""
    client, name = aws.lambda_, str(archive.function)
    published = {}
    if exists:
        pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        published = {one["Version"]: one for page in pages for one in page["Versions"]}
    versions = archive.document["versions"]
    for number in (*sorted((one for one in versions if one != LATEST), key=int), LATEST):
        wanted = versions[number]
        found = _published(published, wanted, set(done.versions.values()))
        if number != LATEST and found:
            done.versions[number] = found
            continue
        _put(client, store, archive, number, exists=exists)
        exists = True
        if number != LATEST:
            answer = client.publish_version(
                FunctionName=name, Description=wanted.get("Description", "")
            )
            done.versions[number] = answer["Version"]
    for old, new in done.versions.items():
        if old != new:
            done.not_restored.append(f"the number of version {old}: it is {new} now")


def _published(published: Mapping[str, Any], wanted: Mapping[str, Any], taken: set[str]) -> str:
    """A version that an earlier try published from this code; empty where there is none."""
    for number, one in sorted(published.items()):
        same = one.get("CodeSha256") == wanted.get("CodeSha256")
        described = one.get("Description", "") == wanted.get("Description", "")
        if number not in {LATEST, *taken} and same and described:
            return number
    return ""


def _put(client: Any, store: Store, archive: Archive, number: str, *, exists: bool) -> None:
    """Make the unpublished code and configuration those of a version."""
    wanted = archive.document["versions"][number]
    name = str(archive.function)
    code = _code(store, archive, wanted)
    options = {key: value for key, value in wanted.items() if key not in _SKIPPED and value}
    options.pop("FunctionName", None)
    _reshape(options)
    if not exists:
        client.create_function(
            FunctionName=archive.function.name,
            Code=code,
            Tags=archive.document["tags"],
            **options,
        )
        _wait(client, name)
        return
    architectures = {"Architectures": wanted["Architectures"]} if "Architectures" in wanted else {}
    _settle(lambda: client.update_function_code(FunctionName=name, **code, **architectures))
    _wait(client, name)
    update = {key: value for key, value in options.items() if key not in _CREATE_ONLY}
    update.setdefault("Environment", {"Variables": {}})
    update.setdefault("Layers", [])
    update.setdefault("Description", "")
    _settle(lambda: client.update_function_configuration(FunctionName=name, **update))
    _wait(client, name)


def _code(store: Store, archive: Archive, wanted: Mapping[str, Any]) -> dict[str, Any]:
    if "ImageUri" in wanted:
        return {"ImageUri": wanted["ImageUri"]}
    content = store.get(archive.code[wanted["CodeSha256"]])
    assert content is not None  # noqa: S101 - the archive was read and found whole
    return {"ZipFile": content}


def _reshape(options: dict[str, Any]) -> None:
    """From what Lambda answers to what it takes."""
    if vpc := options.pop("VpcConfig", None):
        kept = {key: vpc[key] for key in ("SubnetIds", "SecurityGroupIds") if vpc.get(key)}
        if kept:
            options["VpcConfig"] = kept
    if snap := options.pop("SnapStart", None):
        options["SnapStart"] = {"ApplyOn": snap.get("ApplyOn", "None")}
    if environment := options.get("Environment"):
        options["Environment"] = {"Variables": environment.get("Variables", {})}


def _aliases(client: Any, name: str, document: Mapping[str, Any], done: Restored) -> None:
    for alias in document["aliases"]:
        weights = {done.versions[one]: weight for one, weight in alias["Weights"].items()}
        routing = {"RoutingConfig": {"AdditionalVersionWeights": weights}} if weights else {}
        number = done.versions.get(alias["FunctionVersion"], alias["FunctionVersion"])
        _settle(
            partial(
                client.create_alias,
                FunctionName=name,
                Name=alias["Name"],
                FunctionVersion=number,
                Description=alias["Description"],
                **routing,
            )
        )


def _policies(client: Any, name: str, document: Mapping[str, Any], done: Restored) -> None:
    for qualifier, statements in document["policies"].items():
        at = done.versions.get(qualifier, qualifier)
        for statement in statements:
            permission = _permission(statement)
            if permission is None:
                sid = statement.get("Sid", "without an id")
                done.not_restored.append(
                    f"statement {sid} of the resource policy: it is not of a form that "
                    "AddPermission takes; put it back with PutResourcePolicy from the manifest"
                )
                continue
            of = {"Qualifier": at} if at else {}
            _settle(partial(client.add_permission, FunctionName=name, **permission, **of))


def _permission(statement: Mapping[str, Any]) -> dict[str, str] | None:
    """A statement as AddPermission takes it; None where it takes none such."""
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        principal = next(iter(principal.values())) if len(principal) == 1 else None
    action = statement.get("Action")
    if statement.get("Effect") != "Allow" or not isinstance(principal, str):
        return None
    if not isinstance(action, str) or not statement.get("Sid"):
        return None
    found = {"StatementId": statement["Sid"], "Action": action, "Principal": principal}
    for keys in statement.get("Condition", {}).values():
        for key, value in keys.items():
            parameter = _STATEMENT.get(key.lower())
            if parameter is None or not isinstance(value, str):
                return None
            found[parameter] = value
    return found


def _event_sources(client: Any, name: str, document: Mapping[str, Any], done: Restored) -> None:
    """Make the event sources anew, those that are not there yet."""
    pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName=name)
    there = [
        str(one.get("EventSourceArn", "")) for page in pages for one in page["EventSourceMappings"]
    ]
    for mapping in document["event_sources"]:
        source = str(mapping.get("EventSourceArn", ""))
        if source in there:
            there.remove(source)
            continue
        options = {key: value for key, value in mapping.items() if key != "Qualifier"}
        qualifier = done.versions.get(mapping["Qualifier"], mapping["Qualifier"])
        target = f"{name}:{qualifier}" if qualifier else name
        client.create_event_source_mapping(FunctionName=target, **options)
        done.not_restored.append(
            f"the id of the event source {source or 'without an ARN'}, and how far it had read"
        )


def _log_retention(aws: Aws, function: FunctionArn, document: Mapping[str, Any]) -> None:
    days = document["log_retention_days"]
    if days is None:
        return
    config = document["versions"][LATEST].get("LoggingConfig", {})
    group = config.get("LogGroup") or f"/aws/lambda/{function.name}"
    _settle(lambda: aws.logs.create_log_group(logGroupName=group))
    aws.logs.put_retention_policy(logGroupName=group, retentionInDays=days)


def _of(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the document as its call takes it: an empty qualifier is none."""
    return {key: value for key, value in part.items() if value not in ("", {}, None)}


def _at(part: Mapping[str, Any]) -> str:
    return f" of {part['Qualifier']}" if part["Qualifier"] else ""


def _settle(call: Callable[[], Any]) -> None:
    """Make a call that an earlier try may have made already, or that must wait for one before."""
    for attempt in range(_ATTEMPTS):
        try:
            call()
        except ClientError as error:
            code = error_code(error)
            waits = code == "ResourceConflictException" and "in progress" in str(error)
            if waits and attempt + 1 < _ATTEMPTS:
                time.sleep(_PAUSE)
                continue
            if (
                code in {"ResourceConflictException", "ResourceAlreadyExistsException"}
                and not waits
            ):
                return
            raise
        return


def _wait(client: Any, name: str) -> None:
    """Wait until the function takes the next change."""
    for _ in range(_ATTEMPTS):
        now = client.get_function_configuration(FunctionName=name)
        if now.get("State") != "Pending" and now.get("LastUpdateStatus") != "InProgress":
            return
        time.sleep(_PAUSE)
