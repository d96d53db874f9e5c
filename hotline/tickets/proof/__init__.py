"""What proves that rows and ledger agree. `hotline.tickets.verification` asks it; nothing here writes."""
