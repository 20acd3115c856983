"""The emulator with everything that this package adds, as one ASGI application."""

import asyncio
import os
from pathlib import Path

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import App
from demo.local_aws.callers import with_caller
from demo.local_aws.door import with_door
from demo.local_aws.invocation import Invocation
from demo.local_aws.lambda_calls.account_limits import with_account_limits
from demo.local_aws.lambda_calls.observer import observing
from demo.local_aws.lambda_calls.provisioned import with_provisioned_lists
from demo.local_aws.metrics.answers import with_metric_answers
from demo.local_aws.transport import as_encrypted
from demo.local_aws.xray import daemon
from demo.local_aws.xray.lambda_segments import segments_of
from demo.local_aws.xray.middleware import with_xray
from demo.local_aws.xray.store import TraceStores


async def build(port: int) -> App:
    """Prepare ministack and wrap it; to be called once, inside the running event loop.

    Args:
        port: port of the X-Ray daemon (UDP), the same as that of the API (TCP).
    """
    account, region = os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]
    stores = TraceStores()
    await daemon.listen(port, stores.of(account, region))
    _prepare_ministack(stores)
    app = with_metric_answers(as_encrypted(with_caller(seams.application())))
    app = observing(with_account_limits(with_provisioned_lists(app)))
    app = with_xray(app, stores, account=account, region=region)
    return with_door(app, account=account, region=region)


def _prepare_ministack(stores: TraceStores) -> None:
    seams.check()
    seams.authorize_as_aws_does()
    seams.know_condition_keys()
    seams.note_who_sends()
    seams.give_workers_their_roles()
    seams.keep_metrics_longer()
    seams.provision_api_destinations()
    seams.delete_dependents_first()
    seams.link_to_code_of_versions()
    seams.unpack_once(Path(os.environ["TMPDIR"]) / "unpacked")
    seams.read_metrics_from_logs()
    loop = asyncio.get_running_loop()

    def trace(run: Invocation) -> None:
        for segment in segments_of(run):
            loop.call_soon_threadsafe(stores.of(run.account, run.region).add, segment)

    seams.watch_invocations(trace)
