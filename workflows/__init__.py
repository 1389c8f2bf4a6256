"""The supervision domain: organisation, calendar, and the services that diagrams call."""
