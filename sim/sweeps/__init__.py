"""Many runs of a scenario, and what they show together."""
