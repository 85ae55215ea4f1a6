#!/usr/bin/env python3
"""A camera that speaks RTSP: rtsp_camera.py JPEG FRAMES RATE PORT_FILE

Serves one client, RTP inside the RTSP connection (RFC 2326 section 10.12), one JPEG (RFC 2435) again and again. The JPEG
has standard Huffman tables, 4:2:2 or 4:2:0, sides that are multiples of 8 and at most 2040 pixels. Writes its port to PORT_FILE.
"""
import os
import socket
import struct
import sys
import time

CHUNK = 1400
CLOCK = 90_000  # of RTP for pictures


def parts_of(jpeg):
    """Kind (0: 4:2:2, 1: 4:2:0), width, height, quantisation tables and the coded pixels."""
    at, tables, kind, size = 2, {}, None, None
    while True:
        marker, length = struct.unpack(">HH", jpeg[at:at + 4])
        body = jpeg[at + 4:at + 2 + length]
        if marker == 0xFFDB:
            while body:
                tables[body[0] & 15] = body[1:65]
                body = body[65:]
        elif marker == 0xFFC0:
            size = struct.unpack(">HH", body[1:5])
            kind = {0x21: 0, 0x22: 1}[body[7]]
        elif marker == 0xFFDA:
            return kind, size[1], size[0], tables[0] + tables[1], jpeg[at + 2 + length:jpeg.rindex(b"\xff\xd9")]
        at += 2 + length


def packets_of(jpeg, number, rate):
    """The RTP packets of a frame, each in the frame of RTSP's channel 0."""
    kind, width, height, tables, pixels = parts_of(jpeg)
    stamp = int(number * CLOCK / rate) & 0xFFFFFFFF
    for offset in range(0, len(pixels), CHUNK):
        last = offset + CHUNK >= len(pixels)
        header = struct.pack(">I", offset) + bytes((kind, 255, width // 8, height // 8))  # 255: tables follow
        if offset == 0:
            header += struct.pack(">BBH", 0, 0, len(tables)) + tables
        packets_of.count = getattr(packets_of, "count", 0) + 1
        rtp = struct.pack(">BBHII", 0x80, 26 | (0x80 if last else 0), packets_of.count & 0xFFFF, stamp, 77)
        rtp += header + pixels[offset:offset + CHUNK]
        yield b"$\0" + struct.pack(">H", len(rtp)) + rtp


def answer(request, port):
    """(reply, whether the pictures begin)"""
    method = request.split(" ", 1)[0]
    sequence = next(line.split(":")[1].strip() for line in request.split("\r\n") if line.lower().startswith("cseq"))
    head, body = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\nSession: 1\r\n", ""
    if method == "OPTIONS":
        head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
    elif method == "DESCRIBE":
        body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:track\r\n"
        head += f"Content-Type: application/sdp\r\nContent-Base: rtsp://127.0.0.1:{port}/\r\n"
    elif method == "SETUP":
        head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
    return (head + f"Content-Length: {len(body)}\r\n\r\n" + body).encode(), method == "PLAY"


def main():
    path, frames, rate, port_file = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    with open(path, "rb") as file:
        jpeg = file.read()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with open(port_file + ".new", "w", encoding="ascii") as file:
            file.write(str(port))
        os.rename(port_file + ".new", port_file)
        server.settimeout(60)
        client, _ = server.accept()
        playing, text = False, ""
        while not playing:
            received = client.recv(4096)
            if not received:
                return
            text += received.decode("latin-1")
            while "\r\n\r\n" in text:
                request, text = text.split("\r\n\r\n", 1)
                reply, playing = answer(request, port)
                client.sendall(reply)
        try:
            for number in range(frames):
                for packet in packets_of(jpeg, number, rate):
                    client.sendall(packet)
                time.sleep(1 / rate)
        except (BrokenPipeError, ConnectionResetError):
            pass
        client.close()


if __name__ == "__main__":
    main()
