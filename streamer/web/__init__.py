"""HTTP for people and Prometheus, in its own thread, read-only.

May not reach into the loop: it sees the published record and nothing else.
"""
