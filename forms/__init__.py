"""The human task forms, and the code that reads them, compiles them to JSON Schema and validates answers."""
