"""The constants of the optimisers, the same for every engine.

The large ε and the short memory of Adam's second moment are on purpose: on a stream that never ends, gradients become
tiny, the second moment decays, and with the usual 1e-8 the next surprise would be a giant step that destroys what was
learned.
"""

RMSPROP_DECAY = 0.99
RMSPROP_EPSILON = 1e-3

ADAM_FIRST_DECAY = 0.9
ADAM_SECOND_DECAY = 0.99
ADAM_EPSILON = 1e-4
