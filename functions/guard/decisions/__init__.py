"""What to do, and why: pure functions over facts, policy and `now`. Every refusal is a decision."""
