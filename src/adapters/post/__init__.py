"""What goes out: the outbox, what is written from it, and the ways on which it is sent."""
