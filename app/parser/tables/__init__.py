"""Tables as grids: cells, headers, typed row readers."""
