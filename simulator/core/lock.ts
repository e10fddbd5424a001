import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const RETRY_MS = 25;
const WAIT_MS = 600_000;

/** The last in line for each lock, in this process. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other call and no other process of this machine works on the folder.
 *
 * Who holds it listens on a Unix socket without a file, whose name Linux gives to one at a time and takes back when the
 * process ends: one that is paused keeps the lock, one that was killed has lost it.
 */
export async function whileLocked<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  const place = createHash("sha256").update(realpathSync(folder)).digest("hex");
  const run = async () => {
    const socket = await take(`\0berth-simulator-${place}`, folder);
    try {
      return await work();
    } finally {
      await new Promise((done) => socket.close(done));
    }
  };
  const turn = (turns.get(place) ?? Promise.resolve()).then(run);
  turns.set(
    place,
    turn.catch(() => undefined),
  );
  return turn;
}

async function take(name: string, folder: string): Promise<Server> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      return await listen(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (Date.now() > deadline) {
        throw new Error(`${folder} was locked by another process for ${WAIT_MS / 1000} s`, {
          cause: error,
        });
      }
    }
    await wait(RETRY_MS);
  }
}

function listen(name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ path: name }, () => resolve(server));
  });
}
