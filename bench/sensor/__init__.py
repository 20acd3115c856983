"""The sensor's cost: functions with and without it, under the runtime clients of Lambda."""
