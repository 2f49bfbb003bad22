"""The composition root: from settings to objects, wired. The only place where everything meets.

May not contain logic that a test would want to reach without the whole program.
"""
