"""The entry to the service: `/` for people and for programs, and what crawlers read."""
