"""The catalogue in the words of each audience: values in, documents out; no clock, database or network."""
