"""Compare printed place names with the official list of areas.

A printed name is proved when the official list holds it, in full or without its suffix where that is unambiguous. A
name that differs in one look-alike character from exactly one official name of the same parent is taken for that name
and always reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.parser.records import Area
from app.parser.text.normalise import fold_width

_SUFFIX = re.compile(r"(产业集聚区|经济技术开发区|高新技术产业开发区|经开区|高新区|开发区|新区|[市县区])$")
_COUNTY_SUFFIXES = "市县区"
_COUNTY_LEVELS = {"district", "county", "county_level_city", "functional_zone"}
_STREET_LEVELS = {"street", "town"}
# Characters that a scan confuses. Each string is one group.
_LOOK_ALIKES = re.split(
    " ",
    "塍腾滕 己已巳 末未 土士 日曰目 人入八 干千于 垟洋样 岙岱 浦蒲埔 坦垣 桥侨娇 岐歧屿 陡徒 戍戌戊 "
    "候侯 冶治 洲州 仙他 岩宕 岭领 浃浹 瞿翟 娄婁 昆毘 瑶遥摇 状壮 淡谈 北比 大太犬 王玉主 木本术 "
    "天夫 白自百 石右 丰半 云去 平乎 永水 元无 万方 清青 塘糖 湾弯 茶荼 锦绵 潘播 郭廓 场扬杨 钱线 "
    "昌晶 晓挠 沧苍仓 泽译择 渔鱼 瓯欧 藤滕 莘辛 棚栅",
)


class LocatedPlace(NamedTuple):
    """A district and a street with their official codes as far as proved, and remarks on corrections and doubts."""

    district: str | None
    district_code: str | None
    street: str | None
    street_code: str | None
    remarks: tuple[str, ...]


class Places:
    """The official list, indexed by full and by short names."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._streets: dict[str, list[Area]] = {}
        self._by_parent: dict[str | None, list[Area]] = {}
        self._full: dict[str, Area] = {}
        self._short: dict[str, set[Area]] = {}
        self._ids = {area.id: area for area in areas}
        cities = [area for area in areas if area.level == "city"]
        self.city: Area | None = cities[0] if len(cities) == 1 else None
        self._city_names = {_SUFFIX.sub("", city.name_zh) for city in cities}
        for area in areas:
            if area.level in _STREET_LEVELS:
                self._streets.setdefault(area.name_zh, []).append(area)
                self._by_parent.setdefault(area.parent_id, []).append(area)
            elif area.level in _COUNTY_LEVELS:
                self._full[area.name_zh] = area
                for alias in self._aliases(area):
                    self._short.setdefault(alias, set()).add(area)
        names = sorted(self._full.keys() | self._short.keys(), key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, names))) if names else None

    def _aliases(self, area: Area) -> set[str]:
        """Return the short forms of a county-level name, like 永嘉 for 永嘉县 and 经开区 for 温州经开区."""
        aliases = {_SUFFIX.sub("", area.name_zh)}
        for city in self._city_names:
            if area.name_zh.startswith(city):
                aliases.add(area.name_zh.removeprefix(city))
        return {alias for alias in aliases if len(alias) > 1 and alias not in self._city_names}

    def find_county(self, name: str) -> Area | None:
        """Return the district, county, city or zone with this full or unambiguous short name."""
        name = _remove_whitespace(name)
        if name in self._full:
            return self._full[name]
        short = self._short.get(name, set())
        return next(iter(short)) if len(short) == 1 else None

    def find_misread_county(self, name: str) -> Area | None:
        """Return the only area whose name differs in its suffix (平阳市 for 平阳县) or in one look-alike character."""
        name = _remove_whitespace(name)
        if self.find_county(name) or not 2 < len(name) < 20:
            return None
        if name[-1] in _COUNTY_SUFFIXES and (area := self.find_county(name[:-1])):
            return area
        return _single(area for area in self._full.values() if _differ_by_look_alike(name, area.name_zh))

    def find_streets(self, name: str, parent: str | None = None) -> list[Area]:
        """Return the streets and towns with this full name, within one parent when given."""
        streets = self._streets.get(_remove_whitespace(name), [])
        return [area for area in streets if parent is None or area.parent_id == parent]

    def find_misread_street(self, name: str, parent: str | None) -> Area | None:
        """Return the only street or town of this parent whose name differs in one look-alike character."""
        name = _remove_whitespace(name)
        if parent is None or len(name) > 20 or self.find_streets(name, parent):
            return None
        return _single(area for area in self._by_parent.get(parent, []) if _differ_by_look_alike(name, area.name_zh))

    def get(self, area_id: str | None) -> Area | None:
        """Return the area with this id."""
        return self._ids.get(area_id or "")

    def has_streets_of(self, parent: str) -> bool:
        """Return whether the official list holds streets of this area, so that a missing one means something."""
        return parent in self._by_parent

    def split_county(self, text: str) -> tuple[Area | None, str, str]:
        """Return the area with whose name a text begins, that name as printed, and the rest of the text.

        Without such a name the result is (None, "", text). A wrong suffix is part of the printed name:
        平阳市万全镇 gives 平阳县, `平阳市` and `万全镇`.
        """
        text = _remove_whitespace(text)
        match = self._named.match(text) if self._named else None
        if match is None or self._streets.get(text):
            return None, "", text
        end = match.end()
        area = self.find_county(match[0])
        rest = text[end:]
        if area and match[0] not in self._full and rest[:1] and rest[0] in _COUNTY_SUFFIXES and rest != "区":
            end, rest = end + 1, rest[1:]
        if area is None or re.match(r"(街道|镇|乡)$", rest):
            return None, "", text
        return area, text[:end], rest

    def find_counties(self, text: str) -> list[Area]:
        """Return the county-level areas that a text names, each once, in text order."""
        if self._named is None:
            return []
        areas = (self.find_county(match[0]) for match in self._named.finditer(text))
        return list(dict.fromkeys(area for area in areas if area))

    def locate(self, district: str, street: str) -> LocatedPlace:
        """Return a printed district and street as the official list proves them.

        The street of a functional zone is proved when the whole city has exactly one street of that name.
        """
        remarks: list[str] = []
        area = self.find_county(district)
        name: str | None = district or None
        if area is None and (area := self.find_misread_county(district)):
            name = area.name_zh
            remarks.append(f"district printed as {district}, officially {name}")
        elif area is None and district:
            remarks.append(f"district {district} is not in the official list")
        official = self._street_of(area, street)
        if official and official.name_zh != _remove_whitespace(street):
            remarks.append(f"street printed as {street}, officially {official.name_zh}")
        elif official is None and street and area:
            remarks.append(f"street {street} is not proved by the official list")
        return LocatedPlace(
            name,
            area.id if area else None,
            (official.name_zh if official else street) or None,
            official.id if official else None,
            tuple(remarks),
        )

    def _street_of(self, area: Area | None, street: str) -> Area | None:
        if area is None or not street:
            return None
        if area.level == "functional_zone":
            return _single(self.find_streets(street))
        return _single(self.find_streets(street, area.id)) or self.find_misread_street(street, area.id)


def _remove_whitespace(name: str) -> str:
    return "".join(name.split())


def _single(areas: Iterable[Area]) -> Area | None:
    """Return the only area; None when there are none or several."""
    several = list(areas)
    return several[0] if len(several) == 1 else None


def _differ_by_look_alike(printed: str, official: str) -> bool:
    """Return whether two names differ in exactly one character, by a pair that looks alike."""
    if len(printed) != len(official):
        return False
    pairs = [(a, b) for a, b in zip(fold_width(printed), official, strict=True) if a != b]
    return len(pairs) == 1 and any(pairs[0][0] in group and pairs[0][1] in group for group in _LOOK_ALIKES)
