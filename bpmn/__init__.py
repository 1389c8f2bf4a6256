"""The diagrams and decision tables, and the code that reads, checks and compares such documents."""
