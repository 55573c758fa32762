"""What lives across months: the ledger of releases, ids and their events, and the audit trail."""
