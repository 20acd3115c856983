"""The ways out: topics for people, a bus for machines, Security Hub for those who live there."""
