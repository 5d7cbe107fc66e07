"""What happens: one seeded run of a plan, as a journal."""
