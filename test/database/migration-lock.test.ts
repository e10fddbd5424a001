import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DataStack } from "./data-stack";
import { type Running, until } from "./shell";

const SCRIPT = "with-migration-lock.sh";
let stack: DataStack;

before(async () => {
  stack = await DataStack.started("lock");
});
after(() => stack.remove());

/** A command that writes <name>-began, then waits until somebody makes <name>-go, then writes <name>-ended. */
function begin(name: string, inputs: Record<string, string> = {}): Running {
  const at = (suffix: string): string => join(stack.root, `${name}-${suffix}`);
  const command = `touch ${at("began")}; until [ -e ${at("go")} ]; do sleep 0.05; done; date +%s%N >${at("ended")}`;
  return stack.beginScript(SCRIPT, { ...stack.connection(), ...inputs }, ["sh", "-c", command]);
}

const exists = (file: string): boolean => existsSync(join(stack.root, file));
const letGo = (name: string): void => writeFileSync(join(stack.root, `${name}-go`), "");
/** The folders with the password that a script holds, or left behind. */
const foldersOf = ({ pid }: Running): string[] =>
  readdirSync("/run").filter((name) => name.startsWith(`berth-database.${pid}.`));
const waiters = async (): Promise<string> =>
  stack.superuser(
    `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%' AND usename = 'beppp'
       AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)`,
  );
const holders = async (): Promise<string> =>
  stack.superuser("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted");

test("of two at once one runs and one waits, then both have run", async () => {
  const first = begin("first");
  await until("the first runs", () => exists("first-began"));
  const second = begin("second");
  await until("the second waits", async () => (await waiters()) === "1");
  assert.equal(exists("second-began"), false);
  letGo("second");
  letGo("first");
  const outcomes = await Promise.all([first.ended, second.ended]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [0, 0],
  );
  assert.match(outcomes[1].stderr, /another migration of hub is running: waiting for it/);
  const [one, two] = ["first", "second"].map((name) =>
    BigInt(readFileSync(join(stack.root, `${name}-ended`), "utf8")),
  );
  assert.ok(one! < two!);
  assert.equal(await holders(), "0");
});

test("one that waits too long runs nothing and says so", async () => {
  const holder = begin("long");
  await until("the holder runs", () => exists("long-began"));
  const { status, stderr } = await begin("late", { WAIT_SECONDS: "1" }).ended;
  assert.equal(status, 75);
  assert.match(stderr, /still runs after 1 s; nothing was run/);
  assert.equal(exists("late-began"), false);
  letGo("long");
  assert.equal((await holder.ended).status, 0);
});

test("one that is stopped while it waits ends at once", async () => {
  const holder = begin("holder");
  await until("the holder runs", () => exists("holder-began"));
  const waiting = begin("waiting");
  await until("it waits", async () => (await waiters()) === "1");
  process.kill(waiting.pid, "SIGTERM");
  assert.equal((await waiting.ended).status, 143);
  assert.equal(exists("holder-ended"), false);
  letGo("holder");
  assert.equal((await holder.ended).status, 0);
  assert.equal(exists("waiting-began"), false);
});

test("the lock outlives a killed script as long as its command, and no longer", async () => {
  const killed = begin("killed");
  await until("it runs", () => exists("killed-began"));
  process.kill(killed.pid, "SIGKILL");
  assert.equal(await holders(), "1");
  letGo("killed");
  await until("the lock is free", async () => (await holders()) === "0");
  assert.equal(exists("killed-ended"), true);
  assert.equal(foldersOf(killed).length, 1, "what the killed script left");
  await stack.script(SCRIPT, stack.connection(), ["true"]);
  assert.equal(foldersOf(killed).length, 0, "after the next one");
});

test("a stop signal reaches the command, and the lock is given back", async () => {
  const stopped = begin("stopped");
  await until("it runs", () => exists("stopped-began"));
  process.kill(stopped.pid, "SIGTERM");
  assert.equal((await stopped.ended).status, 143);
  assert.equal(exists("stopped-ended"), false);
  await until("the lock is free", async () => (await holders()) === "0");
});

test("when the session with the lock is lost, the command is stopped", async () => {
  const lost = begin("lost");
  await until("it runs", () => exists("lost-began"));
  await stack.superuser(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
  );
  const { status, stderr } = await lost.ended;
  assert.equal(status, 76);
  assert.match(stderr, /the database session with the migration lock was lost/);
  assert.equal(exists("lost-ended"), false);
});

test("the command's status, output and empty input pass through", async () => {
  const args = ["sh", "-c", "cat; echo out; echo err >&2; exit 7"];
  const { status, stdout, stderr } = await stack.script(SCRIPT, stack.connection(), args);
  assert.deepEqual([status, stdout, stderr], [7, "out\n", "err\n"]);
});

test("a wrong password is told without running the command", async () => {
  const inputs = { ...stack.connection(), ADMIN_PASSWORD: "wrong" };
  const { status, stdout, stderr } = await stack.script(SCRIPT, inputs, ["echo", "ran"]);
  assert.equal(status, 69);
  assert.equal(stdout, "");
  assert.match(stderr, /password authentication failed[^]*does not let beppp in/);
});

test("a call without a command is refused", async () => {
  const { status, stderr } = await stack.script(SCRIPT, stack.connection());
  assert.equal(status, 64);
  assert.match(stderr, /no command is given/);
});
