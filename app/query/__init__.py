"""From a query string to a page: parse the parameters, build the SQL, read the rows, assemble the page."""
