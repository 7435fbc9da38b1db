"""The way in: what `/` shows to a person and to a program, and what crawlers read. Values in, text out."""
