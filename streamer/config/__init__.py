"""Settings: what can be set, what each value means, where it came from, and what is wrong with it.

May not act on a setting: no file is opened but the settings file, no directory, socket or network is made.
"""
