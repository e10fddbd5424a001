import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Battery, Fleet } from "./support/api";
import { type Look, visit } from "./support/browser";
import { sql } from "./support/site";

const BATTERIES = 120;
const NOTIFICATIONS = 230;
const DESKTOP: Look = { size: "desktop", scheme: "dark" };
const PHONE: Look = { size: "phone", scheme: "light" };
const ERRORS = 150;
const PAGE_OF_ERRORS = 100;
const fleet = new Fleet();
let first: Battery;

describe("a large fleet", () => {
  before(async () => {
    first = await fleet.add("Great yard", "Unit 001");
    await sql(`
    INSERT INTO batteries (hub_id, name, secret_hash, last_seen_at)
    SELECT b.hub_id, 'Unit ' || to_char(n, 'FM000'), '-', now() FROM batteries b, generate_series(2, ${BATTERIES}) n
     WHERE b.id = ${first.id};
    INSERT INTO livedata (battery_id, recorded_at, state_of_charge, voltage, temperature, err)
    SELECT b.id, now() - make_interval(mins => 30 * n), 20 + (b.id * 7 + n * 3) % 80, 48 + (b.id + n) % 5,
           15 + (b.id * 3 + n) % 20, CASE WHEN b.name LIKE '%5' THEN 'TG' END
      FROM batteries b, generate_series(0, 40) n
     WHERE b.hub_id = (SELECT hub_id FROM batteries WHERE id = ${first.id});
    UPDATE batteries SET last_seen_at = now() WHERE id = ${first.id};
    INSERT INTO livedata (battery_id, recorded_at, err)
    SELECT b.id, now() - make_interval(mins => 7 * n), CASE WHEN n % 2 = 0 THEN 'TG' ELSE 'CBL' END
      FROM batteries b, generate_series(1, ${ERRORS}) n WHERE b.id = ${first.id};
    INSERT INTO notifications (hub_id, notification_type, title, message, severity, link_type, link_id, created_at)
    SELECT b.hub_id, 'battery_error', 'TG: Temperature out of range', 'Unit 001 at Great yard reported TG (' || n || ').',
           'critical', 'battery', b.id, now() - make_interval(mins => 10 * n)
      FROM batteries b, generate_series(1, ${NOTIFICATIONS}) n WHERE b.id = ${first.id};
  `);
  });
  after(() => fleet.remove());

  for (const look of [DESKTOP, PHONE]) {
    test(`${BATTERIES} batteries are searched and filtered on a ${look.size}`, async () => {
      await visit(look, async (visitor) => {
        const { page } = visitor;
        await visitor.logIn();
        const rows = page.locator("li.row");
        await page.getByRole("link", { name: "Unit 120" }).waitFor();
        assert.equal(await rows.count(), BATTERIES);
        await visitor.approve("many batteries");
        await page.getByRole("searchbox", { name: "Search batteries" }).fill("yard 07");
        assert.equal(await rows.count(), 12);
        await page.getByRole("button", { name: "With errors" }).click();
        assert.equal(await rows.count(), 1);
        await page.getByRole("searchbox").fill("no such battery");
        await page.getByText("Nothing here").waitFor();
        await visitor.approve("nothing found");
        await page.getByRole("button", { name: "Show all" }).click();
        assert.equal(await rows.count(), BATTERIES);
        visitor.expectQuiet();
      });
    });
  }

  test(`${NOTIFICATIONS} notifications are counted, paged through and marked`, async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await visitor.logIn();
      const bell = page.getByRole("button", { name: `Notifications, ${NOTIFICATIONS} unread` });
      await bell.waitFor();
      assert.equal(await bell.innerText(), String(NOTIFICATIONS));
      await bell.click();
      const items = page.locator(".notification");
      await items.first().waitFor();
      await visitor.approve("many notifications");
      const older = page.getByRole("button", { name: "Show older" });
      for (let shown = 30; shown < NOTIFICATIONS; shown += 30) {
        assert.equal(await items.count(), shown);
        await older.click();
        await items.nth(shown).waitFor();
      }
      assert.equal(await items.count(), NOTIFICATIONS);
      assert.equal(await older.count(), 0);
      // News does not take away what was paged to.
      const told = page.waitForResponse(/notifications\?limit/);
      await visitor.refresh();
      await told;
      assert.equal(await items.count(), NOTIFICATIONS);
      await page.getByRole("button", { name: "Mark all as read" }).click();
      await page.getByRole("button", { name: "Notifications, 0 unread" }).waitFor();
      await page.getByRole("button", { name: "Unread", exact: true }).click();
      await page.getByText("Nothing unread").waitFor();
      await visitor.approve("nothing unread");
    });
  });

  test(`a history of ${ERRORS} errors is shown page by page`, async () => {
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      await visitor.logIn(`/#/batteries/${first.id}`);
      const entries = page.locator(".event");
      await entries.first().waitFor();
      assert.equal(await entries.count(), PAGE_OF_ERRORS);
      await page.getByRole("button", { name: "Show older errors" }).click();
      await entries.nth(ERRORS - 1).waitFor();
      assert.equal(await entries.count(), ERRORS);
      assert.equal(await page.getByRole("button", { name: "Show older errors" }).count(), 0);
      await visitor.approve("long history");
    });
  });

  test("the panel draws many batteries as their middle and bounds", async () => {
    await visit(DESKTOP, async (visitor) => {
      await visitor.logInToPanel();
      const legend = visitor.page.locator("#charge-legend");
      assert.match(await legend.innerText(), /Highest\s+Lowest\s+Middle of \d{3} batteries/);
      await visitor.approve("panel of many");
      await visitor.picture("panel of many, all of it", true);
    });
  });
});
