"""What a person sees: steps with their times, alerts, the summary. Plain lines off a terminal."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from demo.inbox import Alert

_COLOURS: Final = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
}
_WIDTH_OFF_TERMINAL: Final = 110


class Screen:
    """Prints a run, and keeps an abridged record of it for a picture where one is wanted."""

    def __init__(self, file: TextIO, *, record: bool = False) -> None:
        width = None if file.isatty() else _WIDTH_OFF_TERMINAL
        self.console = Console(file=file, width=width, highlight=False)
        # Off a terminal, a sentence stays on one line, where programs can find it.
        self._wraps = self.console.is_terminal
        self._began = time.monotonic()
        self._picture = (
            Console(file=io.StringIO(), record=True, width=_WIDTH_OFF_TERMINAL, highlight=False)
            if record
            else None
        )
        self._pictured: set[str] = set()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def heading(self, text: str) -> None:
        """Begin a part."""
        self._print("")
        self._print(Rule(Text(text, style="bold"), align="left", style="dim"))

    def note(self, text: str, style: str = "dim") -> None:
        """Say something on a line of its own; `text` is data, never markup."""
        self._print(Text(text, style=style), soft_wrap=not self._wraps)

    def failure(self, error: Exception) -> None:
        """Say why the run ends here, and where to read on."""
        for line in (str(error), *getattr(error, "__notes__", ())):
            self.note(line, "red")

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show that something is going on, and how long it took when it is done."""
        start = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(Text(title)):
                yield
        else:
            yield
        took = time.monotonic() - start
        line = Table.grid(expand=True)
        line.add_column()
        line.add_column(justify="right", width=8)
        line.add_row(Text.assemble(("✓ ", "green"), title), Text(f"{took:.1f} s", style="dim"))
        self._print(line)

    def alert(self, alert: Alert) -> None:
        """Show one alert: how bad, which function, what, why, what to do."""
        lead = "resolved" if alert.state == "resolved" else alert.severity
        changes = " (updated)" if alert.state == "updated" else ""
        style = "green" if alert.state == "resolved" else _COLOURS.get(alert.severity, "")
        title = Text.assemble(
            (f" {lead.upper():<8} ", style),
            " ",
            (alert.function, "bold"),
            f"  {alert.title}{changes}",
        )
        body = Table.grid(padding=(0, 1))
        body.add_column(style="dim", width=3)
        body.add_column(overflow="fold")
        body.add_row("why", Text(alert.reason))
        body.add_row("do", Text(alert.remedy, style="italic"))
        # A picture shows one urgent alert of each rule, or nobody could read it.
        pictured = alert.severity in {"high", "critical"} and alert.rule not in self._pictured
        if pictured:
            self._pictured.add(alert.rule)
        self._print(title, pictured=pictured)
        self._print(Padding(body, (0, 0, 0, 11)), pictured=pictured)

    def table(self, table: Table) -> None:
        """Show a table."""
        self._print("")
        self._print(table)

    def save_picture(self, file: Path, title: str) -> None:
        """Save what was recorded as SVG.

        Raises:
            ValueError: Nothing was recorded.
        """
        if self._picture is None:
            raise ValueError("record: the screen was made without it")
        file.write_text(self._picture.export_svg(title=title), encoding="utf-8")

    def _print(
        self, shown: RenderableType, *, pictured: bool = True, soft_wrap: bool = False
    ) -> None:
        self.console.print(shown, soft_wrap=soft_wrap)
        if self._picture and pictured:
            self._picture.print(shown)


def severity_text(severity: str) -> Text:
    """A severity in its colour."""
    return Text(severity, style=_COLOURS.get(severity, ""))
