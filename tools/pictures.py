"""Take the pictures of the README from the demo city.

.venv/bin/python tools/pictures.py                        a demo of its own, thrown away afterwards
.venv/bin/python tools/pictures.py --instance instance    the demo that runs there
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 720}
# A container's root has no sandbox; the rest keeps the browser from calling its maker.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
COMES_UP_WITHIN = 60.0
FEW_ROWS = 6
CALL = (
    "我住海澜区，小区门口那条路的路灯坏了三天，晚上老人孩子出门都看不清，昨天有位阿姨还摔了一跤，"
    "希望今天就能派人来修好。"
)


@dataclass(frozen=True)
class Demo:
    """A demo that answers at `address`; `passwords` by role, as (login, password)."""

    address: str
    passwords: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    name: str
    role: str
    path: str
    prepare: Callable[[Page], None]


def type_a_call(page: Page) -> None:
    """Write down a call as an agent hears it, and wait for what the page proposes."""
    page.fill("#f-phone", "13900001234")
    page.fill("#f-name", "林女士")
    page.locator("#f-content").press_sequentially(CALL, delay=1)
    page.wait_for_selector("#suggestions [data-choose=category]")
    page.wait_for_selector("#notes .promise")
    page.wait_for_load_state("networkidle")


def open_a_full_pile(page: Page) -> None:
    """Show what waits for the department; where that is little, all that it has in hand."""
    if page.locator("#pile tr[data-line]").count() < FEW_ROWS:
        page.goto(f"{page.url}?tab=open")
    page.wait_for_selector("#pile tr[data-line]")


def wait_for_charts(page: Page) -> None:
    page.wait_for_selector(".chart svg")


PICTURES = (
    Picture("agent", "话务员", "/agent?new=1", type_a_call),
    Picture("queue", "承办人", "/department", open_a_full_pile),
    Picture("board", "督办员", "/supervisor/", wait_for_charts),
)


@contextmanager
def own_demo() -> Iterator[Demo]:
    """Fill a demo in a folder of its own and serve its pages."""
    with tempfile.TemporaryDirectory(prefix="hotline-pictures-") as folder:
        port = _free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
            "HOTLINE_INSTANCE": folder,
            "HOTLINE_PORT": str(port),
            "HOTLINE_WEB_WORKERS": "1",
        }
        for command in ("setup", "fill-demo"):
            subprocess.run([sys.executable, "-m", "hotline", command], cwd=ROOT, env=environment, check=True)
        web = subprocess.Popen([sys.executable, "-m", "hotline", "web"], cwd=ROOT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_up(address)
            yield Demo(address, _passwords(Path(folder)))
        finally:
            web.terminate()
            web.wait(20)


def running_demo(instance: Path, address: str) -> Demo:
    return Demo(address.rstrip("/"), _passwords(instance))


def _passwords(instance: Path) -> dict[str, tuple[str, str]]:
    file = instance / "sign-ins.json"
    if not file.exists():
        sys.exit(f"{file} 不在。请先运行 ./run demo，或不写 --instance")
    return {one["role"]: (one["login"], one["password"]) for one in json.loads(file.read_text("utf-8"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + COMES_UP_WITHIN
    while True:
        try:
            opener.open(f"{address}/healthz", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > give_up:
                sys.exit(f"{address} 没有应答，请看上面的输出")
            time.sleep(0.2)


def take(browser: Browser, demo: Demo, picture: Picture) -> Path:
    """Sign in, open the page, make it ready, and write the picture."""
    context = browser.new_context(
        viewport=SIZE, locale="zh-CN", color_scheme="light", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    login, password = demo.passwords[picture.role]
    page.goto(f"{demo.address}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{demo.address}{picture.path}")
    picture.prepare(page)
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
    file = IMAGES / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    context.close()
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description="拍 README 里的三张图，写入 docs/images/")
    parser.add_argument("--instance", type=Path, help="正在运行的演示的数据目录；不写就另开一套，拍完删除")
    parser.add_argument("--address", default="http://127.0.0.1:8345", help="那套演示的网址")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("需要 Chromium 和中文字体。Debian、Ubuntu 上请运行：apt install chromium fonts-wqy-microhei")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        if options.instance:
            _take_all(browser, running_demo(options.instance, options.address))
        else:
            with own_demo() as demo:
                _take_all(browser, demo)
        browser.close()


def _take_all(browser: Browser, demo: Demo) -> None:
    for picture in PICTURES:
        print(take(browser, demo, picture).relative_to(ROOT), flush=True)


if __name__ == "__main__":
    main()
