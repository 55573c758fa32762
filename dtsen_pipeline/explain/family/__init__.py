"""One family explained: its score as a sum, what it rests on, and what would change its desil."""
