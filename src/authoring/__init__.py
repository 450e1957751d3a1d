"""Reads and checks what an organisation writes; runs on a desk or in a build, never inside a Lambda."""
