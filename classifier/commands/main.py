"""python -m classifier <command>: exit code 0, or 2 with one line when the input cannot be used."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence

from classifier.commands import adapting, evaluating, explaining, noise, predicting, training
from classifier.errors import ClassifierError

PROG = "python -m classifier"
COMMANDS = {
    "train": training,
    "evaluate": evaluating,
    "predict": predicting,
    "explain": explaining,
    "adapt": adapting,
    "noise": noise,
}


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        found: Mapping[str, object] = options.run(options)
    except ClassifierError as error:
        print(f"{PROG}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{PROG}: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(_lines(found)))
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog=PROG, description="What is a complaint about?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.configure(command)
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.set_defaults(run=module.run)
    return parser


def _lines(found: Mapping[str, object], indent: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in found.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", *_lines(value, f"{indent}  ")]
        elif isinstance(value, list):
            lines += [f"{indent}{name}", *(f"{indent}  {_shown(one)}" for one in value)]
        else:
            lines.append(f"{indent}{name:<{24 - len(indent)}} {_shown(value)}")
    return lines


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return "  ".join(f"{name} {_shown(one)}" for name, one in value.items())
    return f"{value:.4f}" if isinstance(value, float) else str(value)
