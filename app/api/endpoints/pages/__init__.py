"""The pages for people: the same queries as the API's, shown as HTML."""
