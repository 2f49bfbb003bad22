"""The daemon: sessions, streams and the loop over them, all without I/O, and the one module that does the I/O.

May not know HTTP, ZeroMQ, Prometheus or the command line.
"""
