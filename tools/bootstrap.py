"""What ./run does: prepare the machine as far as a verb needs it, then become that verb.

Standard library only: it runs before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import lock
import vendor

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
RUN, DEV = "requirements.txt", "requirements-dev.txt"

HELP = """\
用法：./run <做什么> [参数]

  demo [--fresh] [--yes]   演示：准备好一切，装入演示城市和工单，打开网页服务（PORT 换端口）
  test [pytest 的参数]     运行全部测试
  setup                    只做准备：依赖、浏览器文件、数据库表、城市档案、分类模型
  hotline <命令> …         运行热线的命令；./run hotline --help 列出全部
  serve                    正式运行：设置取自环境变量
  check                    格式、规范、类型、分层、迁移、生成的文档
  bench [名称]             性能测量
  docs                     重新生成 docs/ 里由代码得出的文档
  lock [--upgrade]         重做依赖锁
  help                     显示本页

需要 Python 3.11 以上（Debian、Ubuntu：apt install python3 python3-venv）和能访问软件包索引的网络。
"""


def demo(arguments: Sequence[str]) -> NoReturn:
    prepare()
    become("-m", "hotline", "demo", *arguments)


def test(arguments: Sequence[str]) -> NoReturn:
    prepare(DEV)
    # A file stays on one worker: its fixtures start servers.
    become("-m", "pytest", *(arguments or ("-n", "2", "--dist", "loadfile")))


def setup(arguments: Sequence[str]) -> NoReturn:
    prepare()
    become("-m", "hotline", "setup", *arguments)


def hotline(arguments: Sequence[str]) -> NoReturn:
    prepare()
    become("-m", "hotline", *arguments)


def serve(arguments: Sequence[str]) -> NoReturn:
    prepare()
    become("-m", "hotline", "serve", *arguments)


def check(arguments: Sequence[str]) -> NoReturn:
    """Run every check, whatever the others say."""
    prepare(DEV)
    bin_ = VENV / "bin"
    steps = {
        "格式": [bin_ / "ruff", "format", "--check", "--quiet", "."],
        "规范": [bin_ / "ruff", "check", "--quiet", "."],
        "类型": [PYTHON, "-m", "mypy"],
        "分层": [bin_ / "lint-imports"],
        "迁移": [PYTHON, "-m", "hotline", "migration", "--check"],
        "文档": [PYTHON, "-m", "hotline", "docs", "--check"],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    print(f"没有通过：{'、'.join(failed)}" if failed else "全部通过", flush=True)
    sys.exit(1 if failed else 0)


# What takes hours.
ONLY_BY_NAME = ("experiments",)


def bench(arguments: Sequence[str]) -> NoReturn:
    prepare(DEV)
    names = sorted(file.stem for file in (ROOT / "benchmarks").glob("[a-z]*.py"))
    chosen = arguments[:1] or [name for name in names if name not in ONLY_BY_NAME]
    if unknown := [name for name in chosen if name not in names]:
        stop(f"没有名为 {unknown[0]} 的测量。现有：{'、'.join(names)}")
    for name in chosen:
        subprocess.run(
            [PYTHON, "-m", f"benchmarks.{name}", *arguments[1:]], cwd=ROOT, env=environment(), check=True
        )
    sys.exit(0)


def docs(arguments: Sequence[str]) -> NoReturn:
    prepare()
    become("-m", "hotline", "docs", *arguments)


def make_locks(arguments: Sequence[str]) -> NoReturn:
    prepare(browser=False)
    lock.lock(PYTHON, upgrade="--upgrade" in arguments)
    sys.exit(0)


def show_help(arguments: Sequence[str]) -> NoReturn:
    print(HELP, end="")
    sys.exit(0)


VERBS: dict[str, Callable[[Sequence[str]], NoReturn]] = {
    "demo": demo,
    "test": test,
    "setup": setup,
    "hotline": hotline,
    "serve": serve,
    "check": check,
    "bench": bench,
    "docs": docs,
    "lock": make_locks,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def prepare(*more: str, browser: bool = True) -> None:
    """Make the environment hold what RUN and `more` lock, and the browser files; once done, nothing."""
    with alone():
        make_environment()
        for requirements in (RUN, *more):
            install(requirements)
        if browser and not vendor.is_done():
            with phase("安装浏览器文件"):
                vendor.install(PYTHON)


@contextmanager
def alone() -> Iterator[None]:
    """Let a second ./run wait until the first has prepared the folder."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    with_pip = shutil.which("uv") is None
    if importlib.util.find_spec("venv") is None or (
        with_pip and importlib.util.find_spec("ensurepip") is None
    ):
        stop("这台机器的 Python 缺少 venv。Debian、Ubuntu 上请运行：apt install python3-venv")
    with phase("建立 Python 环境 .venv"):
        options = [] if with_pip else ["--without-pip"]
        subprocess.run([sys.executable, "-m", "venv", "--clear", *options, VENV], check=True)


def install(requirements: str) -> None:
    """Install a hashed lock, unless this very lock was installed here before."""
    wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    installed = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    if installed.get(requirements) == wanted:
        return
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", PYTHON]
    else:
        command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    with phase(f"安装依赖 {requirements}"):
        subprocess.run([*command, "--require-hashes", "-r", requirements], cwd=ROOT, check=True)
    INSTALLED.write_text(json.dumps({**installed, requirements: wanted}, indent=2))


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Say what takes time, and how long it took."""
    print(f"· {name} …", flush=True)
    begin = time.monotonic()
    yield
    print(f"  {name}：{time.monotonic() - begin:.1f} 秒", flush=True)


def environment() -> dict[str, str]:
    """Return this environment, in which the project's packages are found from any folder."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def become(*arguments: str) -> NoReturn:
    """Go on as the environment's Python, so that signals and the exit code are its own."""
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), *arguments], environment())  # noqa: S606 - there is no shell to want


def stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(2)


def _passes(name: str, command: Sequence[str | Path]) -> bool:
    begin = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode == 0
    print(f"{'通过' if passed else '未过'} {name} {time.monotonic() - begin:.1f} 秒", flush=True)
    return passed


def main(arguments: Sequence[str]) -> NoReturn:
    verb, *rest = arguments or ["help"]
    if verb not in VERBS:
        stop(f"没有“{verb}”这一项。\n\n{HELP}")
    try:
        VERBS[verb](rest)
    except subprocess.CalledProcessError as error:
        stop(f"没有做成：{' '.join(map(str, error.cmd[:4]))} … 的退出码是 {error.returncode}。请看上面的输出")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
