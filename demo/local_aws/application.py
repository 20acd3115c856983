"""The emulator with everything that this package adds, as one ASGI application."""

import os

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import App
from demo.local_aws.door import with_door
from demo.local_aws.lambda_calls.observer import observing


async def build() -> App:
    """Prepare ministack and wrap it; to be called once, inside the running event loop."""
    seams.check()
    seams.give_workers_their_roles()
    seams.keep_metrics_longer()
    account, region = os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]
    return with_door(observing(seams.application()), account=account, region=region)
