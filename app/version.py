"""The version of the package, of the API and of the image. This is the only place where it is written.

It follows Semantic Versioning, for what callers of the API and of the commands rely on: its first number stands in
every address (`/v1`), the second grows when something is added, the third when something is mended.
"""

VERSION = "1.1.0"
