"""The sample estate: functions of an invented shop, each with one thing to find, or nothing."""
