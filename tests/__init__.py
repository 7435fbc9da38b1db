"""The tests, in the folders of what they test.

- The tests of a module bear its name: `tests/http/test_file_cache.py` tests `app/http/file_cache.py`. Tests of a
  package as a whole bear the name of the package and stand in its folder: `tests/datasets/test_datasets.py`.
- A test that asks the service stands with the module that decides what it checks: an endpoint, a router, a renderer.
- `test_migrations.py` tests `migrations/`; `test_architecture.py` the structure of the whole.
- `end_to_end/`: behaviour that no single module decides, and clients that ask the service as their users do.
- `support/`: helpers and reviewed files, which are no tests; `bench/`: the benchmark, which is run by hand.

`test_architecture.py` checks that this holds. Fixtures stand in the `conftest.py` of the folder that uses them.
"""
