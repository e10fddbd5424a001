import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, DataStack } from "./data-stack";
import type { Outcome } from "./shell";

let stack: DataStack;

before(async () => {
  stack = await DataStack.started("checks");
  await stack.run(ADMIN, "CREATE TABLE livedata (id integer, err varchar(255))");
});
after(() => stack.remove());

interface Check {
  readonly name: string;
  readonly query: string;
  readonly equals: unknown;
}

const run = async (...checks: Check[]): Promise<Outcome> =>
  stack.script("schema-checks.sh", { ...stack.connection(), CHECKS: JSON.stringify(checks) });

const ERR_IS_TEXT: Check = {
  name: "livedata.err is VARCHAR(255)",
  query: `SELECT format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'livedata'::regclass AND attname = 'err' -- the last line is a comment;`,
  equals: "character varying(255)",
};

test("a check of each type passes when the value is exactly the expected one", async () => {
  const { status, stdout } = await run(
    ERR_IS_TEXT,
    { name: "number", query: "SELECT count(*) FROM livedata;", equals: 0 },
    { name: "number as a text", query: "SELECT count(*) FROM livedata", equals: "0" },
    { name: "truth as a text", query: "SELECT count(*) = 0 FROM livedata", equals: "true" },
    { name: "truth", query: "SELECT true", equals: true },
    { name: "nothing", query: "SELECT NULL::text", equals: null },
  );
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `ok    ${ERR_IS_TEXT.name}\nok    number\nok    number as a text\nok    truth as a text\nok    truth\nok    nothing\n`,
  );
});

test("a column that is gone fails the check, although the error's text holds the expected value", async () => {
  const { status, stdout } = await run({
    name: "gone",
    query: "SELECT max(nope) FROM livedata",
    equals: 1,
  });
  assert.equal(status, 70);
  assert.equal(stdout, 'FAIL  gone: column "nope" does not exist\n');
});

const WRONG: readonly (readonly [string, string, unknown, string])[] = [
  ["another value", "SELECT 'b'", "a", 'expected "a", got "b"'],
  ["a part of the value", "SELECT 'LINE 1'", "1", 'expected "1", got "LINE 1"'],
  ["another number than the text", "SELECT 10", "1", 'expected "1", got 10'],
  ["nothing instead of a text", "SELECT NULL", "null", 'expected "null", got null'],
  ["text instead of a number", "SELECT '1'", 1, 'expected 1, got "1"'],
  ["null instead of an empty text", "SELECT NULL::text", "", 'expected "", got null'],
  ["no row", "SELECT 1 WHERE false", 1, "expected one row, got 0"],
  ["two rows", "SELECT 1 UNION ALL SELECT 1", 1, "expected one row, got 2"],
  ["two columns", "SELECT 1 AS a, 1 AS b", 1, "expected one column, got several"],
];

test("whatever is not exactly the expected value fails the check and is shown", async () => {
  const checks = WRONG.map(([name, query, equals]) => ({ name, query, equals }));
  const { status, stdout } = await run(...checks);
  assert.equal(status, 70);
  assert.deepEqual(
    stdout.trim().split("\n"),
    WRONG.map(([name, , , why]) => `FAIL  ${name}: ${why}`),
  );
});

test("one failed check does not hide the others", async () => {
  const { stdout } = await run({ name: "bad", query: "SELECT 1 / 0", equals: 1 }, ERR_IS_TEXT);
  assert.equal(stdout, `FAIL  bad: division by zero\nok    ${ERR_IS_TEXT.name}\n`);
});

test("a check cannot write", async () => {
  const query = "SELECT 1) AS result; DELETE FROM livedata; SELECT jsonb_agg(1) FROM (SELECT 1";
  await stack.run(ADMIN, "INSERT INTO livedata VALUES (1)");
  const { status, stdout } = await run({ name: "sly", query, equals: 1 });
  assert.equal(status, 70);
  assert.equal(stdout, "FAIL  sly: cannot execute DELETE in a read-only transaction\n");
  assert.equal(await stack.run(ADMIN, "SELECT count(*) FROM livedata"), "1");
});

test("an unreachable database is a failure, not a verified schema", async () => {
  const inputs = { ...stack.connection(), DB_PORT: "5433", CHECKS: JSON.stringify([ERR_IS_TEXT]) };
  const { status, stdout, stderr } = await stack.script("schema-checks.sh", inputs);
  assert.deepEqual([status, stdout], [69, ""]);
  assert.match(stderr, /could not be run/);
});

test("checks of another form are refused", async () => {
  const inputs = {
    ...stack.connection(),
    CHECKS: '[{"name": "x", "query": "SELECT 1", "equal": 1}]',
  };
  const { status, stderr } = await stack.script("schema-checks.sh", inputs);
  assert.equal(status, 64);
  assert.match(stderr, /CHECKS is no JSON list of \{name, query, equals\}/);
});
