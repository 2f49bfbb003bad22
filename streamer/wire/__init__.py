"""The protocol on paper: messages, their bytes, and the accounting of sequence numbers. Pure functions and records.

May not send, receive, wait or log.
"""
