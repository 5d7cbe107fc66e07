"""What a user writes: reading, typing, checking, changing and writing scenarios."""
