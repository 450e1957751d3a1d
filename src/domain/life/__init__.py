"""The rooms of a case's life, in the order in which a case walks through them.

Each room holds the decisions of one part of the procedure: `may_...` answers with the refusal that stands
against an act, or None; the functions named for a command return its events.
"""
