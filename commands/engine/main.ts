/**
 * Builds the images (where --app is given) and runs the Pulumi CLI, shown as a short list of stages.
 *
 *   node --import tsx commands/engine/main.ts --action up|destroy --stack NAME --target KIND
 *     [--app FOLDER --output FILE --compression zstd|gzip] [--root FILE] [--quiet] -- PULUMI ARGUMENTS
 *
 * --root: file for the root of a test certificate authority. --quiet: no summary at the end.
 * Environment: BERTH_CACHE (the full output is kept in log/ there), NO_COLOR.
 * Exit codes: 1 a build failed; else those of pulumi.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { advise, repeat } from "./advice";
import { buildCause, BuildStage } from "./build-stage";
import { PlainDisplay, shortPath, type Active, type Display } from "./display";
import { renderEnd, renderFailure } from "./failure";
import { LogFile } from "./log-file";
import { renderResult } from "./result";
import { runEngine } from "./run-engine";
import { stage } from "./stages";
import { Tracker, type Failure } from "./tracker";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    action: { type: "string", default: "up" },
    stack: { type: "string", default: "dev" },
    target: { type: "string", default: "local" },
    app: { type: "string" },
    output: { type: "string", default: "releases/local.json" },
    compression: { type: "string", default: "zstd" },
    root: { type: "string", default: "" },
    quiet: { type: "boolean", default: false },
  },
});
const { action, stack, target } = values;

async function openDisplay(active: () => readonly Active[]): Promise<Display> {
  const { stdout } = process;
  if (!stdout.isTTY || process.env.TERM === "dumb") return new PlainDisplay(stdout, active);
  // Only here, as it takes a moment.
  const { LiveDisplay } = await import("./live-display");
  return new LiveDisplay(stdout, active);
}

async function build(app: string, started: BuildStage, display: Display, log: LogFile) {
  const store = join(process.env.BERTH_CACHE ?? "", "oci");
  try {
    const { output, compression } = values;
    await started.run({ app, output, compression, store });
    return true;
  } catch (error) {
    display.close();
    const cause = (error as Error).message;
    log.write(cause);
    const { key, title, kept } = stage("build");
    const advice = advise({ stack, target, action, stage: key, cause, kept });
    const lines = buildCause(cause);
    const headline = `make ${action} failed at: ${title}`;
    process.stderr.write(renderEnd(process.stderr, headline, lines, advice, log.path));
    return false;
  }
}

async function main(): Promise<number> {
  const started = performance.now();
  const log = new LogFile(join(process.env.BERTH_CACHE ?? "", "log"), action, stack);
  const images: BuildStage = new BuildStage(() => display, log);
  // Stages are told to the display, which asks them what is under way.
  let active = (): readonly Active[] => images.active();
  const display = await openDisplay(() => active());
  const tracker = new Tracker(display, action === "destroy");
  if (values.app !== undefined && !(await build(values.app, images, display, log))) return 1;

  active = () => tracker.active();
  log.write(`pulumi ${positionals.join(" ")}`);
  const { status, stderr, interrupted } = await runEngine(positionals, {
    onEvent: (event) => {
      log.event(event);
      tracker.accept(event);
    },
    onLine: (line) => log.write(line),
    onInterrupt: (times) => display.say(interruption(times)),
  });
  tracker.end();
  display.close();
  log.write(`pulumi ended with ${status}`);
  if (status !== 0 && interrupted && tracker.failures.every(isCancelled)) {
    process.stderr.write(
      `\nmake ${action} was interrupted; what was done stays done.\nNext:  ${repeat(action, stack, target)} goes on from there\nLog:   ${shortPath(log.path)}\n`,
    );
  } else if (status !== 0) {
    process.stderr.write(
      renderFailure(process.stderr, {
        ...{ stack, target, action, stderr },
        failures: tracker.failures,
        policies: tracker.policies,
        logFile: log.path,
      }),
    );
  } else if (!values.quiet) {
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(renderResult({ stack, target, tracker, seconds, rootFile: values.root }));
  }
  return status;
}

/** What an interrupt ended is no failure of its own. */
function isCancelled({ resource, message }: Failure): boolean {
  return resource === "" || /cancel/i.test(message);
}

function interruption(times: number): string {
  return times === 1
    ? "  ! interrupted: the step under way is ended, the state kept (Ctrl-C again: at once)"
    : `  ! ending at once; if something is half made afterwards: make recover STACK=${stack}`;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
