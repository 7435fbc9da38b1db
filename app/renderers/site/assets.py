"""The style sheet and the script of the pages, under names that hold their digests, so that caches may keep them."""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

DIRECTORY = Path(__file__).parent / "assets"
PREFIX = "/assets/"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages load: its address below the base, its media type, its content."""

    path: str
    media_type: str
    content: bytes


def read_assets() -> dict[str, Asset]:
    """Return all assets by their plain names, such as `site.css`."""
    assets = {}
    for file in sorted(DIRECTORY.iterdir()):
        if file.suffix in MEDIA_TYPES:
            content = file.read_bytes()
            digest = blake2b(content, digest_size=6).hexdigest()
            assets[file.name] = Asset(f"{PREFIX}{file.stem}-{digest}{file.suffix}", MEDIA_TYPES[file.suffix], content)
    return assets


ASSETS = read_assets()
ASSETS_BY_PATH = {asset.path: asset for asset in ASSETS.values()}
