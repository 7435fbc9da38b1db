"""The benchmark: this service beside its peers and beside the limit, in one run, as ratios.

`python -m tests.bench --help` tells how to run it; it is not part of the test run.
"""
