import { connect, createServer, type AddressInfo } from "node:net";

/** A port on which every connection is closed at once, as while a server is still starting, until the server is there. */
export interface RefusedDials {
  readonly port: number;
  /** Waits until so many connections came. */
  refused: (count: number) => Promise<void>;
  /** Leads connections to the server on this port from now on. */
  leadTo: (port: number) => void;
  /** Frees the port. */
  close: () => Promise<void>;
}

/** Refuses all dials to a port of 127.0.0.1. */
export async function refuseDials(): Promise<RefusedDials> {
  let dials = 0;
  let target: number | undefined;
  let heard = () => {};
  const server = createServer((socket) => {
    if (target === undefined) {
      socket.destroy();
      dials += 1;
      heard();
      return;
    }
    const onward = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    refused: (count) =>
      new Promise((resolve) => {
        heard = () => {
          if (dials >= count) resolve();
        };
        heard();
      }),
    leadTo: (port) => (target = port),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
