"""The machine's settings: one frozen value read once from the environment.

What belongs to the city (departments, clocks, thresholds) is in its profile, not here.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, get_args, get_type_hints
from urllib.parse import urlsplit

from hotline.errors import BrokenSettings

ROOT = Path(__file__).parent.parent
CITIES = ROOT / "hotline" / "cities"
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Settings:
    """Each field is the environment variable HOTLINE_<NAME>; docs/settings.md is generated from here."""

    instance: Annotated[Path, "本机数据目录（数据库、密钥、日志、模型）"] = ROOT / "instance"
    database_url: Annotated[str, "数据库地址；留空用数据目录里的 SQLite，或 postgresql+psycopg://…"] = field(
        default="", repr=False
    )
    redis_url: Annotated[str, "Redis/Valkey 地址；留空由守护进程启动自带的 Valkey"] = ""
    city: Annotated[str, "城市档案：hotline/cities 下的名字，或任意文件夹路径"] = "binhai"
    model_path: Annotated[str, "分类模型文件夹；留空用 <数据目录>/models/<城市>"] = ""
    secret_key: Annotated[
        str, "会话签名密钥；留空则生成并存入 <数据目录>/secrets（serve 拒绝生成的密钥）"
    ] = field(default="", repr=False)
    vault_key: Annotated[str, "诉求人信息加密密钥（32 字节的十六进制）；留空同上"] = field(
        default="", repr=False
    )
    exchange_key: Annotated[
        str, "与外地热线交换工单的共用密钥：写出的交换包带签名，收进的必须有签名；留空只核对摘要"
    ] = field(default="", repr=False)
    sms_log: Annotated[str, "短信演示通道写入的文件；留空用 <数据目录>/sms.log"] = ""
    sms_url: Annotated[str, "短信网关的 https 地址；留空用演示通道（写文件）"] = ""
    sms_key: Annotated[str, "短信网关的签名密钥（HMAC-SHA256）；写了地址就必须写"] = field(
        default="", repr=False
    )
    alert_url: Annotated[str, "时限告警推送的 https 地址（alerts.toml 的 webhook）；留空不推送"] = ""
    alert_key: Annotated[str, "时限告警推送的签名密钥（HMAC-SHA256）；写了地址就必须写"] = field(
        default="", repr=False
    )
    wecom_url: Annotated[str, "企业微信群机器人的 https 地址（alerts.toml 的 wecom）；留空不发"] = field(
        default="", repr=False
    )
    log_level: Annotated[str, "日志级别：DEBUG、INFO、WARNING、ERROR"] = "INFO"
    port: Annotated[int, "网页服务端口（也可用 PORT）"] = 8345
    bind: Annotated[str, "网页服务监听地址"] = "127.0.0.1"
    public_url: Annotated[str, "短信链接里的网址，如 https://12345.example.gov.cn；留空用监听地址和端口"] = ""
    web_workers: Annotated[int, "网页进程数"] = 2
    https_only: Annotated[bool, "会话 Cookie 只经 HTTPS 发送；正式运行请设为 1"] = False
    trusted_proxies: Annotated[int, "前面有几层可信反向代理（决定来访地址取自哪里）"] = 0

    generated: frozenset[str] = frozenset()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read every HOTLINE_ variable. Raises BrokenSettings naming all that is wrong at once.

        Secrets that the environment lacks are made once and kept in `<instance>/secrets` (mode 600);
        `generated` names them.
        """
        values: dict[str, object] = {}
        problems: dict[str, str] = {}
        known = cls.kinds()
        for name in env:
            ours = name.startswith("HOTLINE_") and not name.startswith("HOTLINE_TEST_")
            if ours and name.removeprefix("HOTLINE_").lower() not in known:
                problems[name] = "unknown"
        for name, (kind, _) in known.items():
            text = env.get(f"HOTLINE_{name.upper()}") or (env.get("PORT") if name == "port" else None)
            if not text:
                continue
            try:
                values[name] = _read_bool(text) if kind is bool else kind(text)
            except ValueError:
                problems[f"HOTLINE_{name.upper()}"] = f"{'yes_or_no' if kind is bool else 'number'}:{text}"
        settings = cls(**values)  # type: ignore[arg-type]
        problems |= settings._problems()
        if problems:
            raise BrokenSettings(problems)
        return settings._with_secrets()

    @classmethod
    def kinds(cls) -> dict[str, tuple[type, str]]:
        """Return the type and the description (in Chinese, for docs/settings.md) of each setting."""
        hints = get_type_hints(cls, include_extras=True)
        return {name: get_args(hint) for name, hint in hints.items() if name != "generated"}

    def _problems(self) -> dict[str, str]:
        problems = {}
        if not 1 <= self.port <= 65535:
            problems["HOTLINE_PORT"] = f"port:{self.port}"
        if self.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            problems["HOTLINE_LOG_LEVEL"] = f"log_level:{self.log_level}"
        if self.vault_key and not _is_key(self.vault_key):
            problems["HOTLINE_VAULT_KEY"] = "no_key"
        if self.secret_key and len(self.secret_key) < SHORTEST_SECRET:
            problems["HOTLINE_SECRET_KEY"] = f"short:{SHORTEST_SECRET}"
        if self.exchange_key and len(self.exchange_key) < SHORTEST_SECRET:
            problems["HOTLINE_EXCHANGE_KEY"] = f"short:{SHORTEST_SECRET}"
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            problems["HOTLINE_REDIS_URL"] = "redis_url"
        if self.web_workers < 1:
            problems["HOTLINE_WEB_WORKERS"] = "least:1"
        if self.trusted_proxies < 0:
            problems["HOTLINE_TRUSTED_PROXIES"] = "least:0"
        return problems | self._problems_outside()

    def _problems_outside(self) -> dict[str, str]:
        """What is wrong with the addresses outside: https alone, and signed where they know a signature."""
        addresses = {"SMS_URL": self.sms_url, "ALERT_URL": self.alert_url, "WECOM_URL": self.wecom_url}
        wrong = [name for name, address in addresses.items() if address and not _is_https(address)]
        problems = {f"HOTLINE_{name}": "https_url" for name in wrong}
        for name, address, secret in (
            ("SMS_KEY", self.sms_url, self.sms_key),
            ("ALERT_KEY", self.alert_url, self.alert_key),
        ):
            if address and len(secret) < SHORTEST_SECRET:
                problems[f"HOTLINE_{name}"] = f"short:{SHORTEST_SECRET}"
        return problems

    def _with_secrets(self) -> "Settings":
        missing = {name for name in ("secret_key", "vault_key") if not getattr(self, name)}
        if not missing:
            return self
        kept = _read_or_make_secrets(self.instance / "secrets")
        return replace(
            self,
            secret_key=self.secret_key or kept["secret_key"],
            vault_key=self.vault_key or kept["vault_key"],
            generated=frozenset(missing),
        )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance / 'hotline.db'}"

    @property
    def site(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.bind}:{self.port}"

    @property
    def city_folder(self) -> Path:
        shipped = CITIES / self.city
        return shipped if shipped.is_dir() else Path(self.city)

    @property
    def model_folder(self) -> Path:
        return Path(self.model_path) if self.model_path else self.instance / "models" / self.city_folder.name

    @property
    def sms_file(self) -> Path:
        return Path(self.sms_log) if self.sms_log else self.instance / "sms.log"


def shipped_cities() -> list[str]:
    """Return the names of the profiles that come with the product."""
    return sorted(file.parent.name for file in CITIES.glob("*/city.toml"))


def _read_bool(text: str) -> bool:
    if text.lower() in {"1", "true", "yes"}:
        return True
    if text.lower() in {"0", "false", "no"}:
        return False
    raise ValueError(f"{text!r} is neither 1 nor 0")


def _is_https(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32
    except ValueError:
        return False


def _read_or_make_secrets(file: Path) -> dict[str, str]:
    """Return the secrets kept in `file`, made on first use. Two first users agree on one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Written aside and linked whole: nobody reads a file that another has only just opened.
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        with open(draft, "x", opener=_private) as out:
            out.write(f"secret_key={secrets.token_hex(32)}\nvault_key={secrets.token_hex(32)}\n")
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    lines = file.read_text().split()
    return dict(line.split("=", 1) for line in lines)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
