import assert from "node:assert/strict";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Battery, Fleet } from "./support/api";
import { type Look, visit } from "./support/browser";
import { makeFleet } from "./support/fleet";

const LOOK: Look = { size: "desktop", scheme: "light" };
const LARGEST_BYTES = 200_000;
const FOLDER = join(__dirname, "..", "..", "docs", "screenshots");
const fleet = new Fleet();
let batteries: Battery[] = [];

describe("pictures", () => {
  before(async () => (batteries = await makeFleet(fleet)), { timeout: 1_200_000 });
  after(() => fleet.remove());

  test("the pictures of README.md can be taken, and are small", async () => {
    await visit(LOOK, async (visitor) => {
      await visitor.logIn();
      await visitor.page.getByRole("link", { name: "Hotel" }).waitFor();
      assert.ok(batteries.length > 0);
      publish(await visitor.picture("README batteries"), "battery-hub.png");
      await visitor.logInToPanel();
      publish(await visitor.picture("README panel"), "panel.png");
      visitor.expectQuiet();
    });
  });
});

/** The README's picture is replaced on demand only: each run's differs in times of day. */

function publish(picture: string, name: string): void {
  assert.ok(
    statSync(picture).size < LARGEST_BYTES,
    `${name} is larger than ${LARGEST_BYTES} bytes`,
  );
  if (process.env.UPDATE_SCREENSHOTS === "yes") copyFileSync(picture, join(FOLDER, name));
}
