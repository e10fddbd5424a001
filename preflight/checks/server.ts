import { execFile } from "node:child_process";
import type { Check, Context, Finding } from "../check";
import { boundSeconds } from "../run-checks";
import type { ExistingServer } from "../settings";

/** How much earlier than all checks it gives up, as it tells more than that there was no answer. */
const SECONDS_LEFT = 2;

/** The server that is there already answers on its SSH port, with the host key of the configuration. */
export const server: Check = {
  name: "server",
  targets: ["existing"],
  run: async (context) => {
    const { existingServer } = context.settings;
    return existingServer === null ? [] : checkHostKey(existingServer, context);
  },
};

async function checkHostKey(existing: ExistingServer, context: Context): Promise<Finding[]> {
  const { address, port, hostKey } = existing;
  const place = `${address} port ${port}`;
  const served = await scan(existing, context);
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
function scan(
  { address, port }: ExistingServer,
  { env, signal }: Context,
): Promise<string | undefined> {
  const seconds = boundSeconds(env) - SECONDS_LEFT;
  const args = ["-t", "ed25519", "-p", String(port), "-T", String(seconds), "--", address];
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
