import assert from "node:assert/strict";
import { test } from "node:test";
import { SECRETS, type RunningStack } from "./running-stack";

const VERSIONS = "apps/battery-hub/api/battery_hub/migrations/versions";

function revision(id: string, after: string, statement: string): string {
  return `"""A revision made by a test."""

from alembic import op

revision = "${id}"
down_revision = "${after}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("${statement}")


def downgrade() -> None:
    pass
`;
}

/** Changes that reach a running server, and releases that fail. */
export function releases(stack: RunningStack): void {
  test("a changed host script reaches the running server", { timeout: 300_000 }, async () => {
    stack.project.edit("host/logs.sh", (text) => `${text}# changed by a test\n`);
    const { status, output } = await stack.project.make("up");
    assert.equal(status, 0, output);
    assert.match(
      stack.server.run("tail", "-n", "1", "/opt/berth/host/logs.sh"),
      /changed by a test/,
    );
  });

  test(
    "one secret is rotated alone: the new one works, the others stay",
    { timeout: 300_000 },
    async () => {
      const values = async (): Promise<string[]> =>
        Promise.all(SECRETS.map((name) => stack.project.output(name)));
      const old = await values();
      const set = await stack.project.pulumi(
        "config",
        "set",
        "--path",
        "secretVersions.dbApiPassword",
        "2",
      );
      assert.equal(set.status, 0, set.output);
      await stack.up();
      const now = await values();
      const changed = SECRETS.filter((_, index) => old[index] !== now[index]);
      assert.deepEqual(changed, ["dbApiPassword"]);
      assert.equal((await stack.health()).status, "ok");
    },
  );

  test(
    "a changed image is migrated and released, once there is space for it",
    { timeout: 600_000 },
    async () => {
      const old = await stack.health();
      stack.project.add(
        `${VERSIONS}/9001_test.py`,
        revision("9001", old.revision, "CREATE TABLE made_later (id bigint)"),
      );
      const { status, output } = await stack.project.make("up");
      assert.equal(status, 0, output);
      const now = await stack.health();
      assert.notEqual(now.version, old.version);
      assert.equal(now.revision, "9001");
    },
  );

  test(
    "a failing migration leaves the old release serving and says why",
    { timeout: 600_000 },
    async () => {
      const old = await stack.health();
      stack.project.add(
        `${VERSIONS}/9002_broken.py`,
        revision("9002", "9001", "ALTER TABLE there_is_none ADD COLUMN x int"),
      );
      const output = await stack.upFails("migrate");
      assert.match(output, /Kept: +nothing was switched/);
      assert.match(output, /the migration of release [0-9a-f]{12} failed, nothing was switched/);
      assert.match(output, /there_is_none/);
      assert.deepEqual(await stack.health(), old);

      stack.project.remove(`${VERSIONS}/9002_broken.py`);
      await stack.up();
      assert.deepEqual(await stack.health(), old);
    },
  );

  const API = "apps/battery-hub/api/battery_hub/app.py";
  const BROKEN = '\nraise RuntimeError("broken by a test")\n';

  test(
    "a release that does not start gives way to the old one again and says why",
    { timeout: 600_000 },
    async () => {
      const old = await stack.health();
      stack.project.edit(API, (text) => text + BROKEN);
      const output = await stack.upFails("release");
      assert.match(output, /release [0-9a-f]{12} failed; starting [0-9a-f]{12} again/);
      assert.match(output, /service api is /);
      assert.match(output, /broken by a test/);
      assert.deepEqual(await stack.health(), old);
      assert.deepEqual(stack.server.unhealthy(), []);

      stack.project.edit(API, (text) => text.replace(BROKEN, ""));
      await stack.up();
      assert.deepEqual(await stack.health(), old);
    },
  );
}
