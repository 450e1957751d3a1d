"""An act that no procedure has: a room and its words, and nothing else."""
