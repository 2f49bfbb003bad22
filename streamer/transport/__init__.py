"""Bytes in, bytes out, between one daemon and its peers; the only package that knows ZeroMQ.

May not look inside a message.
"""
