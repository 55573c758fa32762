"""Human review of pairs: the queue that is handed out, the decisions that come back, and what they say of the linkage."""
