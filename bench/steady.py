"""How soon “Steady me” can be read on a slow phone: the first visit, a repeat, and offline.

A real Chromium, four times slower than this machine, over 1.6 Mbit/s with 150 ms to the server.
Each round also opens a bare page of the same weight, two round trips like ours: what is left to
gain. `python -m bench.steady [ROUNDS]` starts the site on a port of its own and ends it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import services

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
CPU_SLOWDOWN = 4
NETWORK = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
# When the first words stood on the screen, in milliseconds since the tap.
FIRST_WORDS = """new Promise((done) => new PerformanceObserver((list) => {
  const first = list.getEntriesByName("first-contentful-paint")[0];
  if (first) done(first.startTime);
}).observe({ type: "paint", buffered: true }))"""
# What the page and its style sheets weighed on their way, in bytes.
WEIGHT = """(() => {
  const [page] = performance.getEntriesByType("navigation");
  const found = performance.getEntriesByType("resource");
  const styles = found.filter((one) => one.name.endsWith(".css"));
  const css = styles.reduce((sum, one) => sum + one.encodedBodySize, 0);
  return { navigation: page.encodedBodySize, css };
})()"""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def site() -> Iterator[str]:
    """The product on a database of its own; its address, once it answers."""
    with tempfile.TemporaryDirectory() as folder:
        port = services.free_port()
        env = {name: said for name, said in os.environ.items() if not name.endswith("_URL")}
        env |= {"VAR_DIR": folder, "HOST": "127.0.0.1", "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "healing.serve"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://localhost:{port}"
            services.until(lambda: _answers(f"{url}/steady/"), 180, "the site answering")
            yield url
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def bare_page(weights: dict[str, int]) -> Iterator[str]:
    """A page of the same weight: words, one style sheet, no script; nothing is compressed."""

    class Bare(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_css = self.path.endswith(".css")
            text = "p { color: black } /*" if is_css else (
                '<!doctype html><html lang="en"><link rel="stylesheet" href="/page.css">'
                "<p>Feel both feet on the floor.</p><!--"
            )  # fmt: skip
            end = "*/" if is_css else "-->"
            filler = "x" * max(0, weights["css" if is_css else "navigation"] - len(text + end))
            body = f"{text}{filler}{end}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if is_css else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


def slow_page(context: BrowserContext) -> Page:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    return page


def first_words(page: Page, address: str) -> float:
    """Milliseconds from the tap to the first words."""
    page.goto(address)
    return float(page.evaluate(FIRST_WORDS))


def one_round(browser: Browser, url: str, bare: str) -> dict[str, float]:
    """Every visit once, each as a browser that was never here, or was here once."""
    context = browser.new_context(viewport=PHONE)
    found = {"bare page": first_words(slow_page(context), bare)}
    found["first visit"] = first_words(slow_page(context), f"{url}/steady/")
    page = context.new_page()
    page.goto(f"{url}/help/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/steady/').then(Boolean)")
    found["repeat visit"] = first_words(slow_page(context), f"{url}/steady/")
    context.set_offline(True)
    offline = context.new_page()
    devtools = context.new_cdp_session(offline)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    found["without a connection"] = first_words(offline, f"{url}/steady/")
    context.close()
    return found


def main(rounds: int) -> None:
    with sync_playwright() as playwright, site() as url:
        path = os.environ.get("CHROMIUM") or services.chromium()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{url}/steady/")
        weights = page.evaluate(WEIGHT)
        page.close()
        with bare_page(weights) as bare:
            one_round(browser, url, bare)  # warm: the first of all pays for the server's start
            found = [one_round(browser, url, bare) for _ in range(rounds)]
        browser.close()
    middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
    print(f"page {weights['navigation']} bytes, styles {weights['css']} bytes; {rounds} rounds")
    for name, milliseconds in middle.items():
        best = min(one[name] for one in found)
        ratio = milliseconds / middle["bare page"]
        print(f"{name:22} median {milliseconds:6.0f} ms  best {best:6.0f} ms  x{ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
