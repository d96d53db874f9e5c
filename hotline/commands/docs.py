"""Regenerate the documents that say what the code says."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from hotline import labels
from hotline.commands.arguments import Command
from hotline.lifecycle import MOVES, Action, Move, Role, Status
from hotline.settings import ROOT, Settings

NOTE = "<!-- 由 ./run docs 生成，请勿手改 -->"


def documents() -> dict[str, str]:
    """Return each generated file of docs/ with its content."""
    return {
        "lifecycle.md": "\n".join(_lifecycle()) + "\n",
        "settings.md": "\n".join(_settings()) + "\n",
    }


def _lifecycle() -> Iterator[str]:
    yield from (NOTE, "", "# 工单的状态和动作", "", "出自 `hotline/lifecycle.py` 的 `MOVES`。", "")
    yield from ("```mermaid", "stateDiagram-v2", *_arrows(), "```", "")
    yield from ("| 动作 | 代码 | 从 | 到 | 谁 |", "|---|---|---|---|---|")
    for action, move in MOVES.items():
        sources = "、".join(labels.STATUSES[one] for one in move.sources) or "–"
        if set(move.sources) == set(Status):
            sources = "任何状态"
        yield f"| {labels.ACTIONS[action]} | `{action}` | {sources} | {_target(move)} | {_roles(move)} |"
    yield from ("", "| 状态 | 代码 |", "|---|---|")
    yield from (f"| {labels.STATUSES[status]} | `{status}` |" for status in Status)


def _arrows() -> Iterator[str]:
    for action, move in MOVES.items():
        for source in move.sources or ("[*]",):
            for target in move.targets:
                yield f"    {source} --> {target}: {labels.ACTIONS[Action(action)]}"


def _target(move: Move) -> str:
    if not move.targets:
        return "不变"
    targets = "、".join(labels.STATUSES[one] for one in move.targets)
    return f"回到原状态（{targets}）" if move.goes_back else targets


def _roles(move: Move) -> str:
    return "、".join(labels.ROLES[role] for role in Role if role in move.roles)


def _settings() -> Iterator[str]:
    yield from (NOTE, "", "# 设置", "", "都是环境变量，启动时读一次；有误的一次全部列出。", "")
    yield from ("| 变量 | 默认 | 说明 |", "|---|---|---|")
    defaults = Settings()
    for name, (_, description) in Settings.kinds().items():
        default = _default(getattr(defaults, name))
        yield f"| `HOTLINE_{name.upper()}` | {default} | {description.replace('<', '&lt;')} |"


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "`1`" if value else "`0`"
    text = str(value).replace(f"{ROOT}/", "")
    return f"`{text}`" if text else "空"


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="只检查：有过期的就列出，退出码为 1")


def _docs(options: Namespace, settings: Settings) -> int:
    stale = 0
    for name, content in documents().items():
        file = ROOT / "docs" / name
        if file.exists() and file.read_text(encoding="utf-8") == content:
            continue
        stale += 1
        if options.check:
            print(f"docs/{name} 已过期，请运行 ./run docs")
        else:
            file.write_text(content, encoding="utf-8")
            print(f"已写 docs/{name}")
    return 1 if options.check and stale else 0


COMMANDS = {"docs": Command(_docs, _configure)}
