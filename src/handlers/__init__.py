"""One module a Lambda function, thin: an event becomes a command, what was decided becomes a response."""
