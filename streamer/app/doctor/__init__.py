"""Looks at a machine before a daemon is started there. Each check finds one thing, and says what to do about it."""
