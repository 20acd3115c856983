"""What Lambda costs by the price list, and what Warden itself costs."""
