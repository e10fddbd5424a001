"""Purpose: tell which ports answer: TCP that lets a connection in, UDP that sends something back.

Inputs: stdin, a line of JSON: {"addresses": [...], "tcp": [...], "udp": [...], "seconds": 1.0, "repeat": false}.
  With repeat it goes on until stdin ends, and tells each port once.
Output: a line of JSON {"address", "protocol", "port"} for each that answers; without repeat {"done": true} at the end.
Exit codes: 0.
Safe to run twice: it only looks.
"""

import errno
import json
import resource
import select
import socket
import sys
import time
from collections.abc import Iterator

told = set()


def tell(address: str, protocol: str, port: int) -> None:
    """Print a port that answers, once."""
    if (address, protocol, port) not in told:
        told.add((address, protocol, port))
        print(json.dumps({"address": address, "protocol": protocol, "port": port}), flush=True)


def family(address: str) -> int:
    """The address family."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def heard(opened: list, event: int, seconds: float) -> Iterator[tuple]:
    """Give each target whose socket hears something within some seconds; every socket is closed at the end."""
    poll, pending = select.epoll(), {one.fileno(): (one, address, port) for one, address, port in opened}
    for number in pending:
        poll.register(number, event | select.EPOLLERR | select.EPOLLHUP)
    deadline = time.monotonic() + seconds
    # However late it is, what has answered by now is seen.
    while pending:
        events = poll.poll(max(0.0, deadline - time.monotonic()))
        if not events:
            break
        for number, _ in events:
            yield pending[number]
            poll.unregister(number)
            pending.pop(number)[0].close()
    for one, _, _ in pending.values():
        one.close()
    poll.close()


def scan_tcp(targets: list, seconds: float, at_once: int) -> None:
    """Connect to each target; what is open says so within some seconds."""
    for begin in range(0, len(targets), at_once):
        opened = []
        for address, port in targets[begin : begin + at_once]:
            one = socket.socket(family(address), socket.SOCK_STREAM)
            one.setblocking(False)
            status = one.connect_ex((address, port))
            if status == 0:
                tell(address, "tcp", port)
            if status == errno.EINPROGRESS:
                opened.append((one, address, port))
            else:
                one.close()
        for one, address, port in heard(opened, select.EPOLLOUT, seconds):
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                tell(address, "tcp", port)


def scan_udp(targets: list, seconds: float) -> None:
    """Say something to each target; what answers within some seconds is reachable."""
    opened = []
    for address, port in targets:
        one = socket.socket(family(address), socket.SOCK_DGRAM)
        one.setblocking(False)
        try:
            one.connect((address, port))
            # A question for a name server; others answer it with an error, if at all.
            one.send(bytes.fromhex("12340100000100000000000003777777076578616d706c65036f72670000010001"))
            opened.append((one, address, port))
        except OSError:
            one.close()
    for one, address, port in heard(opened, select.EPOLLIN, seconds):
        try:
            if one.recv(2048):
                tell(address, "udp", port)
        except OSError:
            pass


def main() -> None:
    """Read what to look at, and look."""
    wanted = json.loads(sys.stdin.readline())
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tcp = [(a, p) for a in wanted["addresses"] for p in wanted["tcp"]]
    udp = [(a, p) for a in wanted["addresses"] for p in wanted["udp"]]
    while True:
        began = time.monotonic()
        scan_tcp(tcp, wanted["seconds"], min(most - 64, 4096))
        scan_udp(udp, wanted["seconds"])
        if not wanted["repeat"]:
            break
        print(json.dumps({"round": True}), flush=True)
        # Whoever listens no more has closed stdin.
        if select.select([sys.stdin], [], [], max(0.0, 0.5 - (time.monotonic() - began)))[0]:
            break
    print(json.dumps({"done": True}), flush=True)


main()
