"""Query strings: parse and check the parameters of a request."""
