"""Arguments that explain themselves in Chinese, and what a command is."""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from hotline.settings import Settings

# argparse says these in English; each becomes a sentence that says what to do.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"没有这个参数：\1"),
    (r"argument (.+?): expected one argument", r"\1 后面要写一个值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要写一个值"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可以是：\3"),
    (r"argument (.+?): invalid int value: (.+)", r"\1 要写整数，不能是 \2"),
    (r"argument (.+?): invalid .+ value: (.+)", r"\1 的值 \2 不对"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 和 \2 不能一起写"),
    (r"one of the arguments (.+) is required", r"这几项要写一项：\1"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本页")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and leave with 2."""
        for english, chinese in _SENTENCES:
            if re.fullmatch(english, message):
                message = re.sub(english, chinese, message)
                break
        self.exit(2, f"{message}。用 {self.prog} --help 看用法\n")


def _nothing(_parser: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True)
class Command:
    """`run` returns the exit code. It may raise what `refusals.words` can say."""

    run: Callable[[argparse.Namespace, Settings], int]
    configure: Callable[[argparse.ArgumentParser], None] = _nothing
