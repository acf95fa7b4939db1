"""A mail server that takes everything at once: python -m bench.mail_sink PORT

Prints a line once it listens, and how many mails it took when it is told to stop.
"""

import signal
import sys
import threading
from typing import Any

from aiosmtpd.controller import Controller

from tests.services import OffersPipelining


class Sink(OffersPipelining):
    taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        return "250 OK"


def main(port: int) -> None:
    sink, stopped = Sink(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    print("listening", flush=True)
    stopped.wait()
    controller.stop()
    print(sink.taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
