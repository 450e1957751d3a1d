"""The application on an AWS that fails on purpose: in memory, with virtual time, from one seed.

dynamodb, expressions, stepfunctions, bucket   what stands behind the clients' methods
repair        dead-letter queues, and whoever runs `dueprocess replay`
functions     Lambda: what template.yaml says of each function, and how invocations are tried again
world         time, and everything that happens in it
faults        what goes wrong, and when
people        complainants and staff, who act from the links in their mails
invariants    what must be true at every step, and at rest
"""
