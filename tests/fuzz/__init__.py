"""Every parser of bytes from outside against damaged and malicious input.

`make fuzz` runs each target for a minute; the unit tests run each for a moment, always alike.
"""
