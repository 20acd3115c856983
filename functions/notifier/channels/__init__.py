"""The channels: topics for people, a bus for machines, Security Hub for those who live there."""
