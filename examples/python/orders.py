"""Puts the client under the orders of the conformance suite: one JSON object per line, both ways."""

import json
import os
import sys
import threading

from choir import Client


def main():
    client = Client(os.environ["CHOIR_SERVER"], "python")
    orders = []
    over = threading.Event()

    def read():
        for line in sys.stdin:
            orders.append(json.loads(line))
        over.set()

    threading.Thread(target=read, daemon=True).start()
    while not (over.is_set() and not orders):
        while orders:
            order = orders.pop(0)
            if order["do"] == "join":
                client.join(order["group"])
            elif order["do"] == "broadcast":
                client.broadcast(order["group"], order["text"])
        for kind, *about in client.step(0.02):
            print(json.dumps({"event": kind, "about": about}), flush=True)
    client.close()


if __name__ == "__main__":
    main()
