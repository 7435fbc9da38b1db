"""The tables that become datasets."""
