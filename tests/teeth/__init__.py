"""Whether the tests that prove a clause notice when what keeps it is weakened.

A mutant is a change for the worse: of a rule in a procedure file, or of anything else. Each has tests that have to
notice it. They run in a process that was forked from one in which everything is imported, so that a mutant takes a
second. `python -m tests.teeth --help`, or `make teeth`.
"""
