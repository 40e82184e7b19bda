"""A WebSocket (RFC 6455) for clients: text messages only, no extensions, nothing but the standard library."""

import base64
import hashlib
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MESSAGE_BYTES_MAX = 16 * 1024 * 1024
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Closed(Exception):
    """The connection has ended, in whatever way."""


class WebSocket:
    def __init__(self, url, protocol, timeout_s=10.0):
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        port = parts.port or (443 if secure else 80)
        try:
            self._socket = socket.create_connection((parts.hostname, port), timeout_s)
            if secure:
                context = ssl.create_default_context()
                self._socket = context.wrap_socket(self._socket, server_hostname=parts.hostname)
            self._buffer = b""
            self._pieces = []
            self._shake_hands(parts, port, protocol)
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error

    def fileno(self):
        return self._socket.fileno()

    def send(self, text):
        self._send(TEXT, text.encode())

    def receive(self):
        """The texts that are there by now; to be called when the socket is readable."""
        try:
            data = self._socket.recv(65536)
            while data and isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
                data += self._socket.recv(self._socket.pending())
        except OSError as error:
            raise Closed(str(error)) from error
        if not data:
            raise Closed("the server is gone")
        self._buffer += data
        return self._texts()

    def close(self):
        try:
            self._send(CLOSE, struct.pack("!H", 1000))
        except Closed:
            pass
        self._socket.close()

    def _texts(self):
        texts = []
        while (frame := self._frame()) is not None:
            final, opcode, payload = frame
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                # What came before it counts; the end is found at the next read.
                break
            elif opcode in (0, TEXT, BINARY):
                self._pieces.append(payload)
                if sum(map(len, self._pieces)) > MESSAGE_BYTES_MAX:
                    raise Closed("the message is too large")
                if final:
                    texts.append(b"".join(self._pieces).decode())
                    self._pieces = []
        return texts

    def _frame(self):
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, head = buffer[1] & 0x7F, 2
        if length > 125:
            size = 2 if length == 126 else 8
            if len(buffer) < head + size:
                return None
            length = int.from_bytes(buffer[head : head + size], "big")
            head += size
        if length > MESSAGE_BYTES_MAX:
            raise Closed("the frame is too large")
        if len(buffer) < head + length:
            return None
        self._buffer = buffer[head + length :]
        return bool(buffer[0] & 0x80), buffer[0] & 0x0F, buffer[head : head + length]

    def _send(self, opcode, payload):
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
        mask = os.urandom(4)
        whole = (mask * (length // 4 + 1))[:length]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(length, "big")
        try:
            self._socket.sendall(head + mask + masked)
        except OSError as error:
            raise Closed(str(error)) from error

    def _shake_hands(self, parts, port, protocol):
        key = base64.b64encode(os.urandom(16))
        lines = [
            f"GET {parts.path or '/'} HTTP/1.1",
            f"Host: {parts.hostname}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key.decode()}",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Protocol: {protocol}",
        ]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._buffer:
            data = self._socket.recv(4096)
            if not data or len(self._buffer) > 65536:
                raise Closed("the server does not answer with a WebSocket")
            self._buffer += data
        answer, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        status, *headers = answer.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (h.partition(":") for h in headers)}
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        if " 101 " not in status or fields.get("sec-websocket-accept") != accept:
            raise Closed(f"the server answers {status}")
        if fields.get("sec-websocket-protocol") != protocol:
            raise Closed(f"the server does not speak {protocol}")
