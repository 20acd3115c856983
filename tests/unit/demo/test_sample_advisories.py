import io
import re

import pytest

from demo.deployment.advisories import CATALOGUE, exports
from demo.estate.functions import ESTATE
from demo.project import ADVISORIES
from functions.shared.advisories.exploited import read_catalogue
from functions.shared.advisories.export import read_export
from functions.shared.advisories.record import Record

RECORDS = [record for archive in exports().values() for record in read_export(io.BytesIO(archive))]


def test_every_sample_advisory_is_an_osv_record_without_problems() -> None:
    assert len(RECORDS) >= 9
    assert all(isinstance(record, Record) and not record.problems for record in RECORDS)


@pytest.mark.parametrize("ecosystem", exports())
def test_records_lie_in_the_folder_of_their_ecosystem(ecosystem: str) -> None:
    for record in read_export(io.BytesIO(exports()[ecosystem])):
        assert isinstance(record, Record)
        assert {entry.ecosystem for entry in record.affected} == {ecosystem}


def test_the_sample_catalogue_lists_no_flaw_of_the_sample_advisories() -> None:
    listed = read_catalogue((ADVISORIES / CATALOGUE).read_bytes())
    assert len(listed) == 2
    for record in RECORDS:
        assert isinstance(record, Record)
        assert listed.find((record.id, *record.aliases)) is None


def test_every_promised_vulnerable_package_is_in_its_function_and_in_an_advisory() -> None:
    named = {
        entry.name for record in RECORDS if isinstance(record, Record) for entry in record.affected
    }
    for function in ESTATE:
        held = [
            re.split("==|@", item)
            for item in (
                *function.contents.python,
                *function.contents.node,
                *function.contents.bundled,
            )
        ]
        for promise in function.promises:
            if promise.rule == "vulnerable-package":
                assert promise.about.split() in held
                assert promise.about.split()[0] in named
