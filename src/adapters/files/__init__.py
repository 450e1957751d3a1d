"""Files of cases: documents that people bring, and the archive that a case is given out as."""
