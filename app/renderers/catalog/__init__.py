"""The catalogue of the data for each kind of harvester. Values in, documents out."""
