"""Who calls: invented people with numbers that belong to nobody."""

from dataclasses import dataclass
from random import Random

from hotline.tickets.callers import Identity

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    *("桂兰", "建国", "晓梅", "文斌", "秀珍", "海涛", "雪芹", "志强", "丽华", "俊杰"),
    *("玉莲", "国栋", "佳怡", "永福", "春燕", "明辉", "爱萍", "宇航", "淑芬", "振华"),
    *("婷婷", "德胜", "美玲", "少波", "凤英", "立新", "思远", "红霞", "庆丰", "小满"),
)
_TRADES = ("商贸", "餐饮管理", "机械", "物流", "科技", "食品", "建材", "服装", "水产", "文化传播")
_BRANDS = ("海源", "鹭达", "滨盛", "汇潮", "启帆", "澜泰", "宏港", "金沙湾", "同舟", "禾丰")

NUMBERS = 10_000
_FIRST_NUMBER = 13_800_000_000
_COMES_BACK = 0.16
_ENTERPRISE = 0.07
_ANONYMOUS = 0.06
_CONFIDENTIAL = 0.05


@dataclass(frozen=True)
class Neighbour:
    """One caller, and how much of himself he gives this time."""

    identity: Identity
    enterprise: bool = False
    anonymous: bool = False
    confidential: bool = False


class Neighbourhood:
    """Everyone who may call. Some call again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._known: list[Neighbour] = []
        self._free = list(range(NUMBERS))
        rng.shuffle(self._free)

    def someone(self) -> Neighbour:
        rng = self._rng
        if self._known and (rng.random() < _COMES_BACK or not self._free):
            return rng.choice(self._known)
        if rng.random() < _ANONYMOUS:
            return Neighbour(Identity(None, None), anonymous=True)
        phone = str(_FIRST_NUMBER + self._free.pop())
        enterprise = rng.random() < _ENTERPRISE
        name = f"滨海{rng.choice(_BRANDS)}{rng.choice(_TRADES)}有限公司" if enterprise else self._person()
        caller = Neighbour(Identity(name, phone), enterprise, confidential=rng.random() < _CONFIDENTIAL)
        self._known.append(caller)
        return caller

    def _person(self) -> str:
        return self._rng.choice(_SURNAMES) + self._rng.choice(_GIVEN)
