"""Pure predicates of the supervision app: acts on issues in ``issues``, on orders in ``orders``."""
