import { spawn } from "node:child_process";
import type { Needles } from "./needles";

/** Runs a command with a text on stdin and gives what it printed; its status is not looked at. */
export function pipe(command: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", () => resolve(output));
    child.stdin.end(input);
  });
}

/**
 * Files below folders that give a secret away. What is searched for travels on stdin, so that the search itself shows it
 * to nobody.
 *
 * @param prefix command that runs grep elsewhere, e.g. in a container
 * @param options more of grep's options, e.g. `--exclude-dir=proc`
 */
export async function filesWith(
  needles: Needles,
  folders: readonly string[],
  options: readonly string[] = [],
  prefix: readonly string[] = [],
): Promise<string[]> {
  const search = ["grep", "-rlaF", "-D", "skip", "-f", "-", ...options, ...folders];
  const found = await pipe(["env", "LC_ALL=C", ...prefix, ...search], patterns(needles));
  return found.split("\n").filter((name) => name !== "");
}

/** Whether the packed layer of an image, a tar in zstd, gzip or plain form, gives a secret away. */
export async function layerHas(needles: Needles, layer: string): Promise<boolean> {
  const unpack = `case $(head -c 4 "$1" | od -An -tx1 | tr -d ' ') in
    28b52ffd) zstd -dc "$1" ;; 1f8b*) gzip -dc "$1" ;; *) cat "$1" ;; esac | LC_ALL=C grep -caF -f <(cat <&3)`;
  const found = await pipe(
    ["bash", "-c", `exec 3<&0; ${unpack}`, "bash", layer],
    patterns(needles),
  );
  return Number(found) > 0;
}

function patterns(needles: Needles): string {
  if (needles.size === 0) throw new Error("there is nothing to search for");
  return [...needles.keys()].join("\n") + "\n";
}
