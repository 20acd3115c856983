"""What a person sees: steps with their times, alerts, the summary. Plain lines off a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
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
    """Prints a run; `record` keeps it for a picture."""

    def __init__(self, file: TextIO, *, record: bool = False) -> None:
        width = None if file.isatty() and not record else _WIDTH_OFF_TERMINAL
        self.console = Console(file=file, record=record, width=width, highlight=False)
        # Off a terminal, a sentence stays on one line, where programs can find it.
        self._wraps = record or self.console.is_terminal
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def heading(self, text: str) -> None:
        """Begin a part."""
        self.console.print()
        self.console.rule(Text(text, style="bold"), align="left", style="dim")

    def note(self, text: str, style: str = "dim") -> None:
        """Say something on a line of its own; `text` is data, never markup."""
        self.console.print(Text(text, style=style), soft_wrap=not self._wraps)

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
        self.console.print(line)

    def alert(self, alert: Alert) -> None:
        """Show one alert: how bad, which function, what, why, what to do."""
        lead = "resolved" if alert.state == "resolved" else alert.severity
        news = " (updated)" if alert.state == "updated" else ""
        style = "green" if alert.state == "resolved" else _COLOURS.get(alert.severity, "")
        self.console.print(
            Text.assemble(
                (f" {lead.upper():<8} ", style),
                " ",
                (alert.function, "bold"),
                f"  {alert.title}{news}",
            )
        )
        body = Table.grid(padding=(0, 1))
        body.add_column(style="dim", width=3)
        body.add_column(overflow="fold")
        body.add_row("why", Text(alert.reason))
        body.add_row("do", Text(alert.remedy, style="italic"))
        self.console.print(Padding(body, (0, 0, 0, 11)))

    def table(self, table: Table) -> None:
        """Show a table."""
        self.console.print()
        self.console.print(table)


def severity_text(severity: str) -> Text:
    """A severity in its colour."""
    return Text(severity, style=_COLOURS.get(severity, ""))
