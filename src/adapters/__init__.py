"""The world: storage, mail, alarms, clock, settings and compiled procedures."""
