"""Cases in the table: opened, decided on, stored, read, destroyed; and what can be said of one in words."""
