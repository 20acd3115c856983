"""The last page of the demonstration: function by function, what was promised and what came."""

from rich import box
from rich.table import Table
from rich.text import Text

from demo.project import ROOT
from demo.result import Account, Result
from demo.screen import Screen, severity_text


def summarize(result: Result, screen: Screen) -> None:
    """Show the result."""
    screen.heading("What was found and done")
    screen.table(_table(result))
    for letter in result.dead_letters:
        screen.note(f"{letter.worker} could not handle a message: {letter.reason}", "red")
    for alert in result.others:
        screen.note(f"Besides, about {alert.function}: [{alert.severity}] {alert.title}")
    for picture in result.pictures:
        screen.note(f"Picture of an incident: {picture.relative_to(ROOT)}")
    silent = [a.function.name for a in result.accounts if a.function.must_stay_silent]
    verdict = f"{result.arrived} of {result.promised} promised alerts arrived"
    if result.kept:
        said = f"✓ {verdict}; {', '.join(silent)} stayed silent. {screen.seconds:.0f} s in all."
        screen.note(said, "bold green")
    else:
        screen.note(f"✗ {verdict}. {screen.seconds:.0f} s in all.", "bold red")


def _table(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("", width=1)
    table.add_column("function", style="bold", no_wrap=True)
    table.add_column("what it is")
    table.add_column("found and done")
    for account in result.accounts:
        mark = Text("✓", "green") if account.kept else Text("✗", "bold red")
        story = Text(account.function.story)
        table.add_row(mark, account.function.name, story, _found(account, result))
    return table


def _found(account: Account, result: Result) -> Text:
    lines = [
        Text.assemble(severity_text(alert.severity), "  ", alert.rule) for alert in account.alerts
    ]
    if not lines:
        lines.append(Text("nothing, as it should be" if account.kept else "nothing", "dim"))
    lines += [
        Text(f"missing: {promise.severity} {promise.rule} {promise.about}".rstrip(), "bold red")
        for promise in account.missing
    ]
    for brake in result.brakes:
        if brake.function == account.function.name:
            until = f" until {brake.until:%H:%M} UTC" if brake.until else ""
            lines.append(Text(f"reserved concurrency: none → {brake.reserved}{until}", "magenta"))
    return Text("\n").join(lines)
