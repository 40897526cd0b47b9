"""Pure predicates of the complaints app: acts in ``complaints``, alerts in ``escalation``, rates in ``rates``."""
