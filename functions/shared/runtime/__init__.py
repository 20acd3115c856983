"""What every Lambda of Warden does around its own work: take events in, know its deployment."""
