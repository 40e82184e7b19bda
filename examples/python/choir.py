"""A client of Choir in JSON: joins groups, broadcasts, receives, and comes back after interruptions.

The clauses named here are those of docs/protocol/client-server.md. There is one thread: whoever uses a
client calls `step` again and again, and gets what happened as tuples.

    ("joined", group)                       the state of the group has come; what follows comes after it
    ("message", group, sender, text)        somebody said something, in the order that all see
    ("settled", local_id)                   an own message took effect, and is on the server's disk
    ("refused", local_id, code)             an own message did not and will not take effect
    ("offline", why)                        the connection is lost; another is tried
    ("ended", code)                         the server wants this client no more
"""

import base64
import json
import os
import random
import select
import time

from websocket import Closed, WebSocket

PROTOCOL = "choir.1.json"
VERSION = 1
WINDOW = 256  # M6
BACK_OFF_S = (0.25, 8.0)


class Group:
    """What is known of a group, and the chain of submissions to it (M2)."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.created = 0
        self.after = None
        self.live = False
        self.mark = 0
        self.pending = []  # [local id, body, previous or None when it was not sent in this session]

    def undecided_sent(self):
        return sum(1 for each in self.pending if each[2] is not None)


class Client:
    def __init__(self, url, name, token=None):
        self.url, self.name, self.token = url, name, token
        self.client_id = None
        self.secret = {"base64": base64.b64encode(os.urandom(32)).decode()}  # S2
        self.groups = {}
        self.local_id = 0
        self.ended = False
        self._socket = None
        self._welcome = False
        self._heartbeat_s = 10.0
        self._heard = self._said = 0.0
        self._retry_at = 0.0
        self._failures = 0
        self._request = 0
        self._events = []

    def join(self, group):
        self._group(group).wanted = True
        if self._welcome:
            self._ask_to_join(group)

    def broadcast(self, group, text):
        """Returns the local id, under which `settled` or `refused` comes."""
        self.local_id += 1
        part = {"kind": "bcast", "group": group, "exclusive": False, "data": text}
        body = {"kind": "message", "parts": [part]}
        self._group(group).pending.append([self.local_id, body, None])
        self._flush(group)
        return self.local_id

    def close(self):
        if self._socket is not None:
            self._try_to_say({"kind": "bye"})
            self._drop(None)
        self.ended = True

    def fileno(self):
        """For `select`, beside others; -1 while there is no connection."""
        return -1 if self._socket is None else self._socket.fileno()

    def step(self, wait_s=0.0):
        """Does what is due, waiting for the server no longer than that; returns what happened."""
        if not self.ended:
            if self._socket is None:
                self._connect(wait_s)
            else:
                self._listen(wait_s)
                self._keep_alive()
        events, self._events = self._events, []
        return events

    def _group(self, name):
        return self.groups.setdefault(name, Group(wanted=False))

    def _connect(self, wait_s):
        left = self._retry_at - time.monotonic()
        if left > 0:
            time.sleep(min(left, wait_s))
            return
        try:
            self._socket = WebSocket(self.url, PROTOCOL)
        except Closed as error:
            self._lost(str(error))
            return
        self._heard = self._said = time.monotonic()
        hello = {"kind": "hello", "version": VERSION, "secret": self.secret, "agent": "choir.py"}
        if self.client_id is not None:
            hello["clientId"] = self.client_id
        if self.token is not None:
            self._try_to_say({"kind": "credentials", "token": self.token})  # I1
        self._try_to_say(hello)

    def _listen(self, wait_s):
        try:
            readable, _, _ = select.select([self._socket], [], [], wait_s)
            texts = self._socket.receive() if readable else []
        except Closed as error:
            self._lost(str(error))
            return
        for text in texts:
            self._heard = time.monotonic()
            for line in filter(str.strip, text.split("\n")):  # F3
                try:
                    self._take(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    self._lost(f"the server broke the protocol: {error!r}")
                if self._socket is None:
                    return

    def _keep_alive(self):
        """S5"""
        now = time.monotonic()
        if self._socket is None:
            return
        if now - self._heard >= 2 * self._heartbeat_s:
            self._lost("the server is silent")
        elif now - max(self._said, self._heard) >= self._heartbeat_s or now - self._said >= self._heartbeat_s:
            self._try_to_say({"kind": "ping", "nonce": self._request})

    def _take(self, message):
        kind = message["kind"]
        group = self.groups.get(message.get("group"))
        if kind == "welcome":
            self._take_welcome(message)
        elif kind == "goodbye":
            self._take_goodbye(message)
        elif kind == "delivery" and group is not None:
            self._deliver(message, group)
        elif kind in ("resume_begin", "transfer_begin") and group is not None:
            group.created, group.block_mark = message["created"], message["mark"]
        elif kind in ("resume_end", "transfer_end") and group is not None:
            # K2, K3: from here on the group is followed without a break.
            group.after, group.live = message["at"], True
            self._events.append(("joined", message["group"]))
            self._resume_chain(message["group"], group.block_mark)
        elif kind == "ack" and group is not None:
            self._settle(group, message["localId"])
        elif kind == "resend" and group is not None:
            self._resume_chain(message["group"], message["mark"])  # M4
        elif kind == "refused" and group is not None:
            self._refuse(message, group)

    def _take_welcome(self, message):
        if message["version"] != VERSION:  # V6
            self._end("VERSION")
            return
        self.client_id = message["clientId"]
        self._heartbeat_s = message["heartbeatMs"] / 1000
        self._welcome = True
        self._failures = 0
        for name, group in self.groups.items():
            if group.wanted:
                self._ask_to_join(name)
            else:
                self._flush(name)

    def _take_goodbye(self, message):
        """S6"""
        if "retryAfterMs" not in message:
            self._end(message["code"])
            return
        self._lost(message["message"], message["retryAfterMs"] / 1000)

    def _deliver(self, message, group):
        if group.live or group.after is not None:
            group.after = message["at"]  # K6: a block that is cut short is asked for again from here
        for event in message["events"]:
            if event["kind"] == "bcast":
                text = event["data"] if isinstance(event["data"], str) else decoded(event["data"])
                self._events.append(("message", message["group"], event["senderId"], text))
            if event.get("senderId") == self.client_id and "localId" in event:
                self._settle(group, event["localId"])  # T3

    def _settle(self, group, local_id):
        if any(each[0] == local_id for each in group.pending):
            group.pending = [each for each in group.pending if each[0] != local_id]
            group.mark = max(group.mark, local_id)
            self._events.append(("settled", local_id))
            self._flush_of(group)

    def _refuse(self, message, group):
        local_id, code = message["localId"], message["code"]
        if not any(each[0] == local_id for each in group.pending):
            return
        if code in ("NOT_WRITABLE", "WINDOW"):
            return  # A later answer to a later copy counts: `resend`, or the next session.
        group.pending = [each for each in group.pending if each[0] != local_id]
        if "at" in message:
            group.mark = max(group.mark, local_id)  # M5
        self._events.append(("refused", local_id, code))
        self._flush_of(group)

    def _resume_chain(self, name, mark):
        """Everything that is not settled goes out again, in order (M3, M4)."""
        group = self.groups[name]
        group.mark = max(group.mark, mark)
        previous = mark
        for each in group.pending:
            each[2] = None
        for each in group.pending[:WINDOW]:
            local_id, body, _ = each
            # At or below the mark it is a repetition, which gets the outcome that it had.
            each[2] = previous if local_id > mark else 0
            self._say_submission(name, local_id, each[2], body)
            previous = max(previous, local_id)

    def _flush_of(self, group):
        for name, each in self.groups.items():
            if each is group:
                self._flush(name)

    def _flush(self, name):
        """Sends what was not sent yet, within the window."""
        group = self.groups[name]
        if not self._welcome or (group.wanted and not group.live):
            return
        previous = group.mark
        for each in group.pending:
            if each[2] is None:
                if group.undecided_sent() >= WINDOW:
                    return
                each[2] = previous
                self._say_submission(name, each[0], previous, each[1])
            previous = each[0]

    def _say_submission(self, group, local_id, previous, body):
        fields = {"group": group, "localId": local_id, "previous": previous, "body": body}
        self._try_to_say({"kind": "submit", **fields})

    def _ask_to_join(self, name):
        group = self.groups[name]
        target = {"group": name, "name": self.name, "created": group.created}
        if group.after is not None:
            target["after"] = group.after
        self._request += 1
        self._try_to_say({"kind": "join", "requestId": self._request, "groups": [target]})

    def _try_to_say(self, message):
        if self._socket is None:
            return
        try:
            self._socket.send(json.dumps(message))
            self._said = time.monotonic()
        except Closed as error:
            self._lost(str(error))

    def _lost(self, why, at_least_s=0.0):
        self._drop(why)
        first, most = BACK_OFF_S
        window = min(first * 2**self._failures, most)
        self._failures += 1
        self._retry_at = time.monotonic() + at_least_s + random.random() * window

    def _end(self, code):
        self._drop(None)
        self.ended = True
        self._events.append(("ended", code))

    def _drop(self, why):
        if self._socket is not None:
            self._socket.close()
            if why is not None:
                self._events.append(("offline", why))
        self._socket, self._welcome = None, False
        for group in self.groups.values():
            group.live = False
            for each in group.pending:
                each[2] = None  # S4


def decoded(data):
    """Bytes that are no plain text (J4)."""
    return base64.b64decode(data["base64"]).decode(errors="replace")
