"""The command line, one module a verb. Help must cost nothing: everything heavy is imported inside the verb.

May not do anything but read arguments, call `app`, and print.
"""
