"""What Lambda Warden itself costs: measured use, at list prices."""
