"""CloudWatch metrics that the emulator does not take or give by itself."""
