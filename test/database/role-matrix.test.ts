import assert from "node:assert/strict";
import { test } from "node:test";
import { DataStack } from "./data-stack";
import { testRoleMatrix } from "./role-matrix";

const stack = testRoleMatrix({
  start: () => DataStack.started("matrix"),
  superuser: "postgres",
  connections: `
                    beppp  migration_user  api_user  panel_readonly
  hub               yes    yes             yes       yes
  postgres          yes    no              no        no
  template1         no     no              no        no
`,
});

test("the superuser gets in only over the socket", async () => {
  const { status, stderr } = await stack().query("postgres", "", "SELECT 1", "postgres");
  assert.equal(status, 2);
  assert.match(stderr, /pg_hba\.conf rejects connection/);
  assert.equal(await stack().superuser("SELECT current_user"), "postgres");
});
