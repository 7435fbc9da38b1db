"""A recorder of HTTP answers: proves that a change of the code changes no answer.

`python -m tests.support.answers record DIR` starts the service of a checkout on a fresh SQLite database and on a
fresh Postgres, asks it some thousand questions in a fixed order and keeps every answer: status line, headers in
their order, body to the byte. `python -m tests.support.answers compare DIR_A DIR_B` tells what differs.

What a recording holds:

| file | content |
|---|---|
| `requests.json` | the requests in their order; `record --requests` asks them again |
| `sqlite.jsonl`, `postgres.jsonl` | one line a request: its answers, bodies by their digest |
| `bodies/<sha256>` | the bodies as they were sent, content coding and all |
| `sqlite.log`, `postgres.log` | what the service wrote to its standard error |

The requests are made from what the service says of itself, once, by the first recording: addresses from
`/openapi.json`, fields and operators from `/v1/<dataset>/schema`, ids and values from the rows. The answers do not
depend on the moment of recording: the clock of the service stands still (see `launcher`), and the moment of loading
is set in the database (see `databases`). What `compare` leaves out is listed in `masking.MASKS`.

| module | does |
|---|---|
| `launcher` | runs the code of the checkout, in a process of its own with the interpreter of the checkout |
| `databases`, `service` | fresh databases, and the service on them |
| `wire` | requests and answers as bytes on a socket |
| `sampling` | what is known of the served data |
| `addresses`, `fields`, `questions`, `statistics`, `refusals`, `exchanges` | the requests, one module a theme |
| `planning`, `recording` | all requests in their order; asking them and keeping the answers |
| `masking`, `comparing` | what is left out of a comparison, and the comparison |
"""
