"""How much one instance may do or hold. Whoever passes a bound becomes an incident, never a silent stop or a hang."""

MOST_STEPS = 10_000  # tokens moved by one operation
MOST_TOKENS = 5_000  # waiting places of one instance
MOST_INSTANCES = 500  # of one multi-instance activity
DEEPEST_NESTING = 10  # sub-processes within sub-processes
LARGEST_STATE = 1_000_000  # bytes
LARGEST_INPUT = 500_000  # bytes of answers, payload or result brought in by one operation
DEEPEST_VALUE = 40  # lists and mappings within each other
