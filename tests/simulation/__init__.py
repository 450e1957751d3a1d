"""The application on an AWS that fails on purpose: in memory, with virtual time, from one seed.

deployment    what template.yaml says of functions, permissions, retries and the stream
dynamodb, expressions, stepfunctions, bucket   what stands behind the clients' methods
repair        dead-letter queues, and whoever runs `dueprocess replay`
clients       what functions call them by
world         time, and everything that happens in it
installation  a world as the one that the handlers work in
faults        what goes wrong, and when
people        complainants and staff, who act from the links in their mails
invariants    what must be true at every step, and at rest
lives         whole lives, step by step: the main path, and whatever a seed draws
trees         lives that begin alike, lived from copies: by faults at each point, and by chance
mutants       mistakes made on purpose
bill          what it costs
soak          lives for as long as there is time
"""
