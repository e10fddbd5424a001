import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { site } from "./site";

let made: Promise<string> | undefined;
let child: ChildProcess | undefined;

// Not where it is started, which is within the first test that needs it.
after(() => child?.stdin?.end());

/** Path of the browsers' own network, by which `nsenter --net` enters it; it leads to the site alone. */
export function browserNetwork(): Promise<string> {
  return (made ??= make());
}

async function make(): Promise<string> {
  const { urls } = await site();
  const ports = Object.values(urls).map((address) => {
    const { port, protocol } = new URL(address);
    return port !== "" ? port : protocol === "https:" ? "443" : "80";
  });
  const program = join(__dirname, "private-network.py");
  const started = spawn("python3", [program, ...new Set(ports)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child = started;
  const ended = once(started, "exit").then(([status]) => {
    throw new Error(`private-network.py ended with ${String(status)}`);
  });
  const [path] = (await Promise.race([once(createInterface(started.stdout), "line"), ended])) as [
    string,
  ];
  ended.catch(() => undefined);
  assert.match(path, /^\/proc\//);
  return path;
}
