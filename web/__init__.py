"""Flask: pages, API and the wiring of everything below."""
