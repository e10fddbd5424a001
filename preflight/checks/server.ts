import { execFile } from "node:child_process";
import type { Check, Finding } from "../check";
import type { ExistingServer } from "../settings";

const SECONDS = 8;

/** The server that is there already answers on its SSH port, with the host key of the configuration. */
export const server: Check = {
  name: "server",
  targets: ["existing"],
  run: async ({ settings, signal }) => {
    if (settings.existingServer === null) return [];
    return checkHostKey(settings.existingServer, signal);
  },
};

async function checkHostKey(existing: ExistingServer, signal: AbortSignal): Promise<Finding[]> {
  const { address, port, hostKey } = existing;
  const place = `${address} port ${port}`;
  const served = await scan(existing, signal);
  if (served === undefined) {
    return [
      {
        problem: `nothing answers as an SSH server with an ed25519 host key at ${place}`,
        next: "correct address and port of existingServer, start the server, or let this machine through its firewall",
      },
    ];
  }
  if (withoutComment(served) === withoutComment(hostKey)) return [];
  return [
    {
      problem: `the server at ${place} shows another ed25519 host key than existingServer.hostKey`,
      next: "find out why: a server that was made anew has a new key, read /etc/ssh/ssh_host_ed25519_key.pub on its console; else somebody answers in its place",
    },
  ];
}

/** The server's ed25519 key as `ssh-ed25519 AAAA...`, undefined when none came. */
function scan({ address, port }: ExistingServer, signal: AbortSignal): Promise<string | undefined> {
  const args = ["-t", "ed25519", "-p", String(port), "-T", String(SECONDS), "--", address];
  return new Promise((resolve, reject) => {
    execFile("ssh-keyscan", args, { signal }, (error, stdout) => {
      if (error?.code === "ENOENT") {
        reject(new Error("ssh-keyscan is missing; install the SSH client"));
        return;
      }
      const line = stdout.split("\n").find((each) => each.includes(" ssh-ed25519 "));
      resolve(line?.slice(line.indexOf("ssh-ed25519 ")));
    });
  });
}

function withoutComment(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(" ");
}
