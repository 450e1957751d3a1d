"""Who acts: the directory that staff keep, and the links by which people come."""
