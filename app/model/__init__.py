"""What a dataset is: its declaration, column types, values, cells and stored rows."""
