"""python -m hotline <command>: each command is loaded only when it is asked for."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from hotline import logs
from hotline.commands.arguments import Command, Parser
from hotline.commands.refusals import EXPECTED, words
from hotline.settings import Settings

PROG = "python -m hotline"

# Command → the module of hotline.commands that has it, and what it does.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "setup": ("setup", "准备好一切：数据库表、城市档案、分类模型；已有的不重做"),
    "migrate": ("database", "建立数据库表，或升级到本版"),
    "migration": ("database", "（开发）按模型写出下一个迁移，或检查有没有漏写"),
    "city": ("new_city", "按区划代码新建一座城市的档案：city new 350100 --name fuzhou；检查档案：city check"),
    "load-city": ("cities", "把城市档案装入数据库：单位、区划、分类、日历"),
    "calendar": ("calendars", "日历：导入放假安排或作息、预览、由另一人应用、查看"),
    "catalogue": ("catalogue", "派单目录：导出、导入草稿、看差别、检查、发布"),
    "train": ("training", "用派单员定下的工单训练新模型；没有起步模型时先训练它"),
    "user": ("users", "添加人员、改密码、列出人员"),
    "web": ("web", "运行网页服务"),
    "worker": ("background", "运行后台任务进程（需要 Redis）"),
    "ticker": ("background", "运行节拍进程：派发任务、时限预警、到期恢复"),
    "demo": ("demo", "演示：准备、装入工单、运行全部进程"),
    "fill-demo": ("filling", "把演示工单装入新数据库"),
    "serve": ("supervising", "正式运行全部进程：设置取自环境变量"),
    "docs": ("docs", "重新生成 docs/lifecycle.md 和 docs/settings.md"),
    "exchange": ("exchanging", "与外地热线交换工单：import 收进交换包，export 写出交换包"),
    "import": ("importing", "从 csv 或 xlsx 导入其他系统的工单"),
    "simulate": ("simulating", "让模拟的市民和工作人员把今后的日子演一遍"),
    "route": ("routing", "看机器怎样判断一条诉求：分类、地点、承办单位、去向"),
    "deadline": ("deadlines", "计算时限，逐日列出算法"),
    "what-if": ("supposing", "规则试算：换一份时限或作息，过去的工单会有多少超时；什么都不改"),
    "holders": ("holders", "一段时间里工单在谁手上、超时归谁：--from 日期 --to 日期"),
    "verify-ledger": ("ledger", "重放台账，查出被改、被删、被插入的记录"),
    "anchor-ledger": ("ledger", "给一天的台账封存摘要"),
    "reevaluate": ("reevaluating", "改了 targets.toml 以后，让未结工单改用新时限：先看后改"),
    "recompute-deadlines": ("recomputing", "按当前日历重新计算未结工单的时限"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command. Exit code 2 and one line when it cannot be done as asked."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(_overview())
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"没有“{name}”这个命令。用 {PROG} --help 看全部命令", file=sys.stderr)
        return 2
    module, description = COMMANDS[name]
    command: Command = import_module(f"hotline.commands.{module}").COMMANDS[name]
    parser = Parser(f"{PROG} {name}", description)
    command.configure(parser)
    options = parser.parse_args(rest)
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level)
        return command.run(options, settings)
    except EXPECTED as error:
        print(words(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _overview() -> str:
    lines = [f"  {name:<21}{description}" for name, (_, description) in COMMANDS.items()]
    return f"用法：{PROG} <命令> [参数]\n\n" + "\n".join(lines) + f"\n\n每个命令的用法：{PROG} <命令> --help"
