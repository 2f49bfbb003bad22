"""The spool: a log on disk in front of programs that cannot hold one, published by the reliable protocol.

May not know the daemon's insides, nor what a file system or a network is made of.
"""
