"""Scanner: what is deployed, is it vulnerable, is it what the repository says, is it exposed."""
