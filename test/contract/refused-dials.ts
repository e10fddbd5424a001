import { createServer } from "node:net";

/** A port on which every connection is closed at once, as while a server is still starting. */
export interface RefusedDials {
  /** Waits until so many connections came. */
  refused: (count: number) => Promise<void>;
  /** Frees the port. */
  close: () => Promise<void>;
}

/** Refuses all dials to a port of 127.0.0.1. */
export async function refuseDials(port: number): Promise<RefusedDials> {
  let dials = 0;
  let heard = () => {};
  const server = createServer((socket) => {
    socket.destroy();
    dials += 1;
    heard();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    refused: (count) =>
      new Promise((resolve) => {
        heard = () => {
          if (dials >= count) resolve();
        };
        heard();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
