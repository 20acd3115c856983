"""The attacks of docs/threat-model.md, on one deployed stage that acts wherever it can."""
