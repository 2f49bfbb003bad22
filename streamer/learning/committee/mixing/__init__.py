"""How the predictions of members become one: fixed share, a stack, and fixed share over both. One file a thing."""
