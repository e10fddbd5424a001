import { createSocket, type Socket } from "node:dgram";

/** A DNS server on the loopback address that has the same IPv4 address for every name. */
export async function startNameServer(address: string): Promise<{ place: string; socket: Socket }> {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const end = question.indexOf(0, 12) + 5;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 6);
    header.writeUInt16BE(0, 10);
    // Name: that of the question; type A, class IN, 60 s, four bytes.
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
    const bytes = Buffer.from(address.split(".").map(Number));
    socket.send(
      Buffer.concat([header, question.subarray(12, end), answer, bytes]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { place: `127.0.0.1:${socket.address().port}`, socket };
}
