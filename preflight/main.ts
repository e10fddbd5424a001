// Looks at a cloud before anything is made there. Started by run.sh, which tells inputs and exit codes.
import { text } from "node:stream/consumers";
import { callerAddress } from "./caller-address";
import { CHECKS } from "./checks";
import { AwsAccount, loadAwsClients } from "./cloud/aws";
import { DigitalOceanAccount } from "./cloud/digitalocean";
import { askPublicly } from "./public-names";
import { redact } from "./redact";
import { bound, boundSeconds, runChecks } from "./run-checks";
import { parsePreflightInput, type PreflightSettings } from "./settings";

async function main(): Promise<number> {
  const { env } = process;
  let settings: PreflightSettings;
  let seconds: number;
  try {
    seconds = boundSeconds(env);
    settings = parsePreflightInput(await text(process.stdin));
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (settings.target === "ec2") await loadAwsClients(settings);
  const signal = bound(seconds * 1000);
  const report = await runChecks(CHECKS, {
    settings,
    env,
    projectRoot: process.cwd(),
    firstRun: env["PULUMI_COMMAND_STDOUT"] === undefined,
    publicCloud: !("DIGITALOCEAN_API_URL" in env) && !("AWS_ENDPOINT_URL" in env),
    signal,
    digitalOcean: new DigitalOceanAccount(settings, env, signal),
    aws: new AwsAccount(settings, signal),
    askServers: askPublicly,
    callerAddress: callerAddress(env, signal),
  });
  if (report.findings.length === 0) {
    process.stdout.write(`pre-flight passed: ${report.looked} checks\n`);
    return 0;
  }
  const list = report.findings.map((finding) => `  - ${redact(finding, env)}\n`).join("");
  process.stderr.write(
    `error: stack ${settings.stack} can't be brought up as configured; nothing was made:\n${list}`,
  );
  return 1;
}

// What a check left waiting must not keep the process.
void main().then((code) => process.exit(code));
