"""Purpose: a network for the browser alone, from which ports of this machine's 127.0.0.1 are reached.

Chromium gives up what it waits for whenever an interface of its machine comes or goes, as each network of Docker does.

Inputs: the ports, as arguments. Needs root, and iproute2.
Output: one line, the path by which `nsenter --net` enters the network; the network ends with this program.
Exit codes: 0 when its input has ended; 1 with a message when the network can't be made.
Safe to run twice: each run has a network of its own.
"""

import asyncio
import ctypes
import os
import socket
import subprocess
import sys

CLONE_NEWNET = 0x40000000
# An interface besides the loopback, without which Chromium takes the machine to be offline; without addresses that come
# seconds later, as those of IPv6 do, since that is a change of the network too.
LINKS = (
    "link set lo up",
    "link add wire0 type veth peer name wire1",
    "link set wire0 addrgenmode none",
    "link set wire1 addrgenmode none",
    "address add 192.168.254.1/24 dev wire0",
    "link set wire0 up",
    "link set wire1 up",
)
libc = ctypes.CDLL(None, use_errno=True)


def checked(status: int) -> None:
    """Turn a failed call of the C library into an exception."""
    if status != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def listeners(ports: list[int]) -> tuple[int, list[socket.socket]]:
    """Make the network and a listener in it for each port; this program itself stays where it was."""
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    checked(libc.unshare(CLONE_NEWNET))
    inside = os.open("/proc/self/ns/net", os.O_RDONLY)
    for link in LINKS:
        subprocess.run(["ip", *link.split()], check=True)
    made = [socket.create_server(("127.0.0.1", port)) for port in ports]
    checked(libc.setns(outside, CLONE_NEWNET))
    return inside, made


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until their end."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Join a connection from the network to the same port outside."""
    port = writer.get_extra_info("sockname")[1]
    try:
        there, back = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        writer.close()
        return
    await asyncio.gather(carry(reader, back), carry(there, writer))
    back.close()
    writer.close()


async def main() -> None:
    """Serve until the input ends."""
    inside, sockets = listeners([int(port) for port in sys.argv[1:]])
    for one in sockets:
        await asyncio.start_server(connect, sock=one)
    print(f"/proc/{os.getpid()}/fd/{inside}", flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
