"""What runs beside $LATEST: the versions that aliases, event sources and settings point at."""
