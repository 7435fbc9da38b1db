"""Tables of any kind: rows of cells, headers, titles and totals, and what a kind of table is."""
