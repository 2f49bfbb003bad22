"""Where predictions go: files and pipes, one line a sample, each number once.

May not know who makes them.
"""
