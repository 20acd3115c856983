"""What Warden costs, as one line of the log a day: the dashboard draws it from there."""

from functions.shared.cost.bill import Bill, Used


def cost_line(bill: Bill) -> dict[str, float]:
    """What the metrics read, and all the rest, would cost in a month of such use. Pure."""
    reading = sum(line.usd or 0.0 for line in bill.lines if line.what is Used.METRICS_READ)
    return {
        "usd_a_month": round(bill.usd_a_month, 2),
        "usd_metrics_read": round(bill.a_month(reading), 2),
        "usd_rest": round(bill.a_month(bill.usd - reading), 2),
        "not_known": len(bill.unknown),
    }
