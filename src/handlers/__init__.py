"""One module a Lambda function, thin: an event becomes a command, what was decided becomes a response."""

import gc

# A start makes tens of thousands of objects that all stay. Looking for garbage among them, as often as Python does
# by default, is a twentieth of the time that a person waits for.
gc.set_threshold(50_000, 20, 20)
