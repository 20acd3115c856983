"""Container images made by hand: layers as blobs, and a registry that serves them."""

import gzip
import hashlib
import io
import json
import sqlite3
import struct
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import zstandard

from functions.scanner.images.manifest import Layer

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest_of(data: bytes) -> str:
    """The digest of a blob."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def archive(
    files: Mapping[str, bytes], *, folders: tuple[str, ...] = (), links: Mapping[str, str] = {}
) -> bytes:
    """A tar archive; `links` are hard links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in folders:
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            tar.addfile(member)
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.LNKTYPE, target
            tar.addfile(member)
    return buffer.getvalue()


class Blobs:
    """Blobs by digest."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def layer(
        self, files: Mapping[str, bytes] | bytes, compression: str = "gzip", **more: Any
    ) -> Layer:
        """Add a layer of these files, or of these bytes as its archive."""
        raw = files if isinstance(files, bytes) else archive(files, **more)
        packed = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}
        data = packed[compression](raw) if compression else raw
        self.data[digest_of(data)] = data
        return Layer(digest_of(data), len(data), compression)

    @contextmanager
    def open(self, layer: Layer) -> Iterator[io.BytesIO]:
        """The blob of a layer."""
        yield io.BytesIO(self.data[layer.digest])

    def add(self, document: Any) -> str:
        """Add a JSON document, and return its digest."""
        data = json.dumps(document).encode()
        self.data[digest_of(data)] = data
        return digest_of(data)

    def manifest(self, *layers: Layer, config: Any = None) -> str:
        """Add the manifest of an image, and return its digest."""
        described = self.add(config or {"config": {"WorkingDir": "/var/task"}})
        kinds = {"gzip": "tar+gzip", "zstd": "tar+zstd", "": "tar"}
        return self.add(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"digest": described, "size": 1},
                "layers": [
                    {
                        "mediaType": f"application/vnd.oci.image.layer.v1.{kinds[one.compression]}",
                        "digest": one.digest,
                        "size": one.size,
                    }
                    for one in layers
                ],
            }
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        """The blobs over HTTP, at this address followed by their digest."""
        data = self.data

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = data.get(self.path.lstrip("/"))
                self.send_response(200 if found is not None else 404)
                self.send_header("Content-Length", str(len(found or b"")))
                self.end_headers()
                self.wfile.write(found or b"")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def metadata(name: str, version: str) -> bytes:
    """What a Python package states of itself."""
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()


def rpm_database(packages: Mapping[str, tuple[str, str, int]]) -> bytes:
    """rpm's database in SQLite: name to version, release and epoch."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
        for name, (version, release, epoch) in packages.items():
            texts = {1000: name, 1001: version, 1002: release}
            data, index = b"", []
            for tag, text in texts.items():
                index.append((tag, 6, len(data), 1))
                data += text.encode() + b"\0"
            data += b"\0" * (-len(data) % 4)
            if epoch:
                index.append((1003, 4, len(data), 1))
                data += struct.pack(">I", epoch)
            entries = b"".join(struct.pack(">IIII", *entry) for entry in index)
            blob = struct.pack(">II", len(index), len(data)) + entries + data
            database.execute("INSERT INTO Packages (blob) VALUES (?)", (blob,))
        database.commit()
        return database.serialize()
