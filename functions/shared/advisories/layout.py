"""The index file: one SQLite database, read in place.

Why SQLite: it is in Lambda's Python, reads only the pages that a look-up needs (so that a cold
look-up costs a few of them, whatever the file's size), and one file can be published atomically.

| table | one row is | read |
| --- | --- | --- |
| package | everything that affects one package, as one JSON text | on every look-up |
| advisory | one standing record of one ecosystem's export | when it matches |
| withdrawn | one record that was taken back | to say why a finding is gone |
| export | one ecosystem's export: its source, age and counts | on opening |
| meta | one fact about the whole index | on opening |

`advisory.ref` is unique within its ecosystem only, so that the rows of an ecosystem whose export
did not change can be carried over from the previous index as they are.
"""

from typing import Final

# In the file's header, so that any other file is refused before it is queried.
APPLICATION_ID: Final = 0x4C57_4144
# Raised on any change below: readers refuse what they do not know, the sync builds anew.
FORMAT_VERSION: Final = 1

SCHEMA: Final = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export (
    ecosystem TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    newest_modified TEXT NOT NULL,
    records INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    problems INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE package (
    ecosystem TEXT NOT NULL,
    name TEXT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (ecosystem, name)
) WITHOUT ROWID;
CREATE TABLE advisory (
    ecosystem TEXT NOT NULL,
    ref INTEGER NOT NULL,
    id TEXT NOT NULL,
    aliases TEXT NOT NULL,
    names TEXT NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (ecosystem, ref)
) WITHOUT ROWID;
CREATE TABLE withdrawn (
    ecosystem TEXT NOT NULL,
    id TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (ecosystem, id)
) WITHOUT ROWID;
"""
