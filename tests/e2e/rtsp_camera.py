#!/usr/bin/env python3
"""A camera that speaks RTSP: rtsp_camera.py FILE FRAMES RATE PORT_FILE [--udp] [--lose N]

Serves one client with RTP (RFC 3550), inside the RTSP connection (RFC 2326 section 10.12) or with --udp as datagrams.
FILE is a JPEG that is sent again and again (RFC 2435): standard Huffman tables, 4:2:2 or 4:2:0, sides that are multiples of
8 and at most 2040 pixels; or the pictures of an H.264 byte stream (.h264, RFC 6184), repeated when they end.
--lose N leaves out every Nth packet. Writes its port to PORT_FILE.
"""
import argparse
import base64
import os
import re
import socket
import struct
import time

CHUNK = 1400
CLOCK = 90_000  # of RTP for pictures


class Jpeg:
    """One JPEG again and again."""

    kind = 26
    description = "m=video 0 RTP/AVP 26\r\n"

    def __init__(self, data):
        at, tables = 2, {}
        while True:
            marker, length = struct.unpack(">HH", data[at:at + 4])
            body = data[at + 4:at + 2 + length]
            if marker == 0xFFDB:
                while body:
                    tables[body[0] & 15] = body[1:65]
                    body = body[65:]
            elif marker == 0xFFC0:
                height, width = struct.unpack(">HH", body[1:5])
                kind = {0x21: 0, 0x22: 1}[body[7]]  # 0: 4:2:2, 1: 4:2:0
            elif marker == 0xFFDA:
                self.pixels = data[at + 2 + length:data.rindex(b"\xff\xd9")]
                break
            at += 2 + length
        self.header = bytes((kind, 255, width // 8, height // 8))  # 255: tables follow
        self.tables = struct.pack(">BBH", 0, 0, 128) + tables[0] + tables[1]

    def payloads(self, _number):
        """The payloads of a picture."""
        for offset in range(0, len(self.pixels), CHUNK):
            yield (struct.pack(">I", offset) + self.header + (self.tables if offset == 0 else b"")
                   + self.pixels[offset:offset + CHUNK])


class H264:
    """The pictures of a byte stream (Annex B)."""

    kind = 96

    def __init__(self, data):
        units = [unit.rstrip(b"\0") for unit in re.split(b"\0\0\1", data)[1:]]
        self.pictures, picture = [], []
        for unit in units:
            picture.append(unit)
            if unit[0] & 31 in (1, 5):  # a slice; the encoder was told to make one a picture
                self.pictures.append(picture)
                picture = []
        parameters = [next(unit for unit in units if unit[0] & 31 == kind) for kind in (7, 8)]
        self.description = ("m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;"
                            "sprop-parameter-sets=" + ",".join(base64.b64encode(p).decode() for p in parameters) + "\r\n")

    def payloads(self, number):
        """Whole units, or those that do not fit in pieces (FU-A)."""
        for unit in self.pictures[number % len(self.pictures)]:
            if len(unit) <= CHUNK:
                yield unit
                continue
            body = unit[1:]
            for offset in range(0, len(body), CHUNK):
                start, end = offset == 0, offset + CHUNK >= len(body)
                yield (bytes((unit[0] & 0x60 | 28, (0x80 if start else 0) | (0x40 if end else 0) | unit[0] & 31))
                       + body[offset:offset + CHUNK])


def packets_of(source, number, rate, sequence):
    """The RTP packets of a picture."""
    stamp = int(number * CLOCK / rate) & 0xFFFFFFFF
    payloads = list(source.payloads(number))
    for index, payload in enumerate(payloads):
        last = 0x80 if index + 1 == len(payloads) else 0
        yield struct.pack(">BBHII", 0x80, source.kind | last, (sequence + index) & 0xFFFF, stamp, 77) + payload


class Camera:
    """One client and how it gets its packets."""

    def __init__(self, source, port, udp):
        self.source, self.port, self.udp = source, port, udp
        self.datagrams, self.to = None, None

    def answer(self, request):
        """(reply, whether the pictures begin)"""
        method = request.split(" ", 1)[0]
        headers = {name.strip().lower(): value.strip() for name, _, value in
                   (line.partition(":") for line in request.split("\r\n")[1:])}
        status, head, body = "200 OK", "Session: 1\r\n", ""
        if method == "OPTIONS":
            head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n{self.source.description}a=control:track\r\n"
            head += f"Content-Type: application/sdp\r\nContent-Base: rtsp://127.0.0.1:{self.port}/\r\n"
        elif method == "SETUP":
            wanted = headers.get("transport", "")
            ports = re.search(r"client_port=(\d+)-(\d+)", wanted)
            if self.udp and ports:
                self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                self.datagrams.bind(("127.0.0.1", 0))
                self.to = ("127.0.0.1", int(ports[1]))
                own = self.datagrams.getsockname()[1]
                head += f"Transport: RTP/AVP;unicast;client_port={ports[1]}-{ports[2]};server_port={own}-{own + 1}\r\n"
            elif self.udp or "interleaved" not in wanted:
                status = "461 Unsupported Transport"
            else:
                head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        reply = f"RTSP/1.0 {status}\r\nCSeq: {headers['cseq']}\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}"
        return reply.encode(), method == "PLAY"

    def send(self, client, packet):
        if self.datagrams:
            self.datagrams.sendto(packet, self.to)
        else:
            client.sendall(b"$\0" + struct.pack(">H", len(packet)) + packet)


def converse(client, camera):
    """Answers until the client wants pictures. @return whether it does"""
    playing, text = False, ""
    while not playing:
        received = client.recv(4096)
        if not received:
            return False
        text += received.decode("latin-1")
        while "\r\n\r\n" in text:
            request, text = text.split("\r\n\r\n", 1)
            reply, playing = camera.answer(request)
            client.sendall(reply)
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("frames", type=int)
    parser.add_argument("rate", type=float)
    parser.add_argument("port_file")
    parser.add_argument("--udp", action="store_true")
    parser.add_argument("--lose", type=int, default=0)
    arguments = parser.parse_args()
    with open(arguments.file, "rb") as file:
        source = (H264 if arguments.file.endswith(".h264") else Jpeg)(file.read())
    with socket.create_server(("127.0.0.1", 0)) as server:
        camera = Camera(source, server.getsockname()[1], arguments.udp)
        with open(arguments.port_file + ".new", "w", encoding="ascii") as file:
            file.write(str(camera.port))
        os.rename(arguments.port_file + ".new", arguments.port_file)
        server.settimeout(60)
        client, _ = server.accept()
        if not converse(client, camera):
            return
        sequence = 0
        try:
            for number in range(arguments.frames):
                for packet in packets_of(source, number, arguments.rate, sequence):
                    sequence += 1
                    if not arguments.lose or sequence % arguments.lose:
                        camera.send(client, packet)
                time.sleep(1 / arguments.rate)
        except (BrokenPipeError, ConnectionResetError):
            pass
        client.close()


if __name__ == "__main__":
    main()
