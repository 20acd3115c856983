from pathlib import Path

import pytest

from demo.deployment.assemblies import kept_assembly


class Checkout:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.synthesized = 0
        self.write("stacks/part.py", "one")

    def write(self, name: str, content: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def assembly(self, context: str = "{}") -> Path:
        return kept_assembly(
            context, self._synthesize, root=self.root, kept=self.root / ".local" / "assemblies"
        )

    def _synthesize(self, into: Path) -> None:
        self.synthesized += 1
        into.mkdir()
        (into / "manifest.json").write_text(str(self.synthesized))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_part.py",
        "docs/part.md",
        "README.md",
        ".local/x",
        "stacks/__pycache__/p",
        "__pycache__/a",
    ],
)
def test_what_the_app_does_not_read_leaves_it_as_it_is(checkout: Checkout, name: str) -> None:
    before = checkout.assembly()
    checkout.write(name, "two")

    assert checkout.assembly() == before
    assert checkout.synthesized == 1
    assert (before / "manifest.json").read_text() == "1"


@pytest.mark.parametrize(
    "name", ["stacks/part.py", "functions/x/new.txt", "app.py", "cdk.json", "anew/folder/file"]
)
def test_a_changed_source_makes_it_anew(checkout: Checkout, name: str) -> None:
    before = checkout.assembly()
    checkout.write(name, "two")

    assert checkout.assembly() != before
    assert checkout.synthesized == 2


def test_other_settings_make_another_one(checkout: Checkout) -> None:
    assert checkout.assembly("{}") != checkout.assembly('{"owner": "me"}')


def test_the_oldest_go(checkout: Checkout) -> None:
    first, *others = [checkout.assembly(str(number)) for number in range(7)]

    assert not first.exists()
    assert all(one.exists() for one in others)


def test_what_could_not_be_synthesized_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(into: Path) -> None:
        into.mkdir()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        kept_assembly("{}", fail, root=tmp_path, kept=tmp_path / ".local")

    assert list((tmp_path / ".local").iterdir()) == []
