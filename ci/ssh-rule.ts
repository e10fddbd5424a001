// Lets a CI runner in by SSH for the time of its run. Started by ssh-rule.sh, which tells inputs and exit codes.
import ipaddr from "ipaddr.js";
import { callerAddress } from "../preflight/caller-address";
import { bound } from "../preflight/run-checks";
import { redact } from "../preflight/redact";
import { AwsRules } from "./ssh-rule/aws";
import { DigitalOceanRules } from "./ssh-rule/digitalocean";
import { closeOwn, openOwn, type Rules } from "./ssh-rule/rules";
import { readStack, type Stack } from "./ssh-rule/stack";

const BOUND_SECONDS = 120;

async function main(args: readonly string[]): Promise<number> {
  const { env } = process;
  const [action = "", stackName = "", waitSeconds = "0"] = args;
  const runId = env["BERTH_RUN_ID"] ?? env["GITHUB_RUN_ID"] ?? "";
  if (!["open", "close"].includes(action) || stackName === "" || !/^\d+$/.test(waitSeconds)) {
    return fail(2, "usage: ci/ssh-rule.sh open|close STACK [SECONDS TO WAIT FOR THE SERVER]");
  }
  if (!/^[A-Za-z0-9]{1,40}$/.test(runId)) {
    return fail(2, "BERTH_RUN_ID (GITHUB_RUN_ID) must be set, letters and digits");
  }
  const stack = readStack(env["BERTH_PROJECT"] ?? process.cwd(), process.cwd(), stackName);
  const signal = bound((BOUND_SECONDS + Number(waitSeconds)) * 1000);
  const rules = rulesOf(stack, env, signal);
  if (rules === undefined) {
    say(`stack ${stackName} (target ${stack.target}) has no firewall in a cloud: nothing to do`);
    return 0;
  }
  if (action === "close") {
    const closed = await closeOwn(rules, runId);
    say(closed.length === 0 ? "no rule of this run is left" : `closed ${closed.join(", ")}`);
    return 0;
  }
  const address = await callerAddress(env, signal)();
  if (!ipaddr.IPv4.isValid(address)) {
    return fail(1, `this runner's address ${address} is not IPv4; set BERTH_CALLER_ADDRESS`);
  }
  const result = await openOwn(rules, runId, address, Number(waitSeconds));
  for (const stale of result.removed) say(`removed ${stale}, left over`);
  say(
    result.opened === undefined
      ? `stack ${stackName} has no server yet: nothing to open`
      : `SSH is open to ${address}/32 (${result.opened})`,
  );
  return 0;
}

function rulesOf(
  stack: Stack,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Rules | undefined {
  if (stack.target === "droplet") return new DigitalOceanRules(stack, env, signal);
  if (stack.target === "ec2") return new AwsRules(stack, signal);
  return undefined;
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

function fail(code: number, message: string): number {
  process.stderr.write(`error: ${redact(message, process.env)}\n`);
  return code;
}

main(process.argv.slice(2))
  .catch((error: unknown) => fail(1, error instanceof Error ? error.message : String(error)))
  .then((code) => process.exit(code))
  .catch(() => undefined);
