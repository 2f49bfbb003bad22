"""Files as the program sees them: a seam, the machine's own, and a twin in memory that can lose what was not synced.

May not know what is in a file, nor decide when one is written.
"""
