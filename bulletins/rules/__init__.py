"""Pure rules of the bulletins app: who may in ``bulletins``, bound numbers in ``bindings``, sentences in ``wording``."""
