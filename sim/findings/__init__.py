"""What it means: pure functions of plan and journal."""
