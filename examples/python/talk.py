"""python3 talk.py GROUP NAME: what you type is said to all, what others say is shown.

The server is $CHOIR_SERVER, ws://127.0.0.1:7400 by default.
"""

import os
import select
import sys

from choir import Client


def main(group, name):
    client = Client(os.environ.get("CHOIR_SERVER", "ws://127.0.0.1:7400"), name)
    client.join(group)
    listening, typed = True, b""
    while not client.ended:
        files = [sys.stdin] if listening else []
        readable, _, _ = select.select(files + ([client] if client.fileno() >= 0 else []), [], [], 0.1)
        if sys.stdin in readable:
            # Not `readline`, which keeps lines to itself that `select` then knows nothing of.
            data = os.read(sys.stdin.fileno(), 65536)
            listening = data != b""
            *lines, typed = (typed + data).split(b"\n")
            for line in lines:
                client.broadcast(group, line.decode(errors="replace"))
        for event in client.step():
            print(*event, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
