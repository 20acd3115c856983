"""The X-Ray daemon's UDP port, to which the X-Ray SDK sends its documents."""

import asyncio
import logging

from demo.local_aws.processes import LOOPBACK
from demo.local_aws.xray.segment import SegmentError, read_segment
from demo.local_aws.xray.store import TraceStore

log = logging.getLogger(__name__)


class Daemon(asyncio.DatagramProtocol):
    """Takes datagrams: a header line, then one segment document."""

    def __init__(self, store: TraceStore) -> None:
        self._store = store

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's
        """Store the document of one datagram, or log why not."""
        document = data.decode("utf-8", errors="replace").partition("\n")[2]
        try:
            self._store.add(read_segment(document))
        except SegmentError as error:
            log.warning("X-Ray daemon: %s", error)


async def listen(port: int, store: TraceStore) -> None:
    """Open the port on the loopback interface, for as long as the event loop runs."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Daemon(store), local_addr=(LOOPBACK, port))
