import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Battery, Fleet, minutesAgo, report } from "./support/api";
import { type Look, visit, type Visitor } from "./support/browser";

const DESKTOP: Look = { size: "desktop", scheme: "light" };
const PHONE: Look = { size: "phone", scheme: "dark" };
const fleet = new Fleet();
let mike: Battery;
let november: Battery;

const UNREACHED = /ERR_FAILED|Failed to fetch|Callback/;

describe("the panel", () => {
  before(async () => {
    mike = await fleet.add("Filters", "Mike");
    november = await fleet.add("Filters", "November");
    await report(mike, { recorded_at: minutesAgo(60 * 24 * 3), voltage: 47, err: "CBL" });
    await report(mike, { state_of_charge: 70, voltage: 50, temperature: 20, err: "TG" });
    await report(november, { state_of_charge: 40, voltage: 49, temperature: 25 });
  });
  after(() => fleet.remove());

  test("period, batteries and severity filter charts, figures and table", async () => {
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      await visitor.logInToPanel();
      const legend = page.locator("#voltage-legend");
      await page.getByLabel("Batteries", { exact: true }).selectOption("Filters / Mike");
      await legend.getByText("November").waitFor({ state: "detached" });
      assert.equal(await legend.innerText(), "Mike");
      const figures = page.locator("#figures");
      assert.match(await figures.innerText(), /1\s+Batteries[^]*1\s+Error reports/);

      await page.getByRole("link", { name: "7 days" }).click();
      await page.getByRole("row").filter({ hasText: "CBL" }).waitFor();
      assert.equal(
        await page.getByRole("link", { name: "7 days" }).getAttribute("aria-current"),
        "true",
      );
      await page.getByRole("link", { name: "Critical" }).click();
      await page.getByRole("row").filter({ hasText: "CBL" }).waitFor({ state: "detached" });
      assert.equal(await page.locator("#errors-legend").innerText(), "TG Temperature out of range");

      // The address holds it all: it can be loaded anew and gone back from.
      await page.reload();
      await visitor.chartsDrawn();
      assert.match(page.url(), new RegExp(`days=7&battery=${mike.id}&severity=critical$`));
      assert.equal(await page.locator("#errors-legend").innerText(), "TG Temperature out of range");
      await ask(visitor, () => page.goBack());
      await page.getByRole("row").filter({ hasText: "CBL" }).waitFor();
      visitor.expectQuiet();
    });
  });

  test("a row of the errors leads to the battery's page", async () => {
    await visit(DESKTOP, async (visitor) => {
      await visitor.logInToPanel(`/?battery=${mike.id}`);
      const link = visitor.page.getByRole("row").getByRole("link", { name: "Mike" });
      assert.match((await link.getAttribute("href")) ?? "", new RegExp(`/#/batteries/${mike.id}$`));
    });
  });

  test("a battery without data has empty charts that say so", async () => {
    const silent = await fleet.add("Filters", "Oscar");
    await visit(PHONE, async (visitor) => {
      await visitor.logInToPanel(`/?battery=${silent.id}`);
      assert.equal(await visitor.page.getByText("No data in this period").count(), 4);
      await visitor.page.getByText("No errors in this period").waitFor();
      await visitor.page.getByText("No report of this period held an error.").waitFor();
      await visitor.approve("panel without data");
    });
  });

  test("a session that ended asks for a login, and keeps the battery", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await visitor.logInToPanel(`/?battery=${november.id}`);
      await page.context().clearCookies();
      await page.getByRole("link", { name: "7 days" }).click();
      await page.getByText("Your session has ended. Log in again.").waitFor();
      assert.match(page.url(), new RegExp(`battery=${november.id}$`));
      await visitor.forgive(/status of 401/);
      await visitor.approve("panel session ended");
    });
  });

  test("while the panel cannot be reached it says so, and recovers", async () => {
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      await visitor.logInToPanel();
      await page.route(/_dash-update-component/, (route) => route.abort());
      await page.getByRole("link", { name: "7 days" }).click();
      const trouble = page.getByText("The panel cannot reach its services.");
      await trouble.waitFor();
      await visitor.forgive(UNREACHED);
      await visitor.approve("panel unreachable", UNREACHED);
      // Nobody does anything: it asks again by itself, long before its next turn.
      await page.unroute(/_dash-update-component/);
      await trouble.waitFor({ state: "hidden" });
      await visitor.chartsDrawn();
    });
  });

  test("a first question that is lost is asked again", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await page.route(/_dash-update-component/, (route) => route.abort(), { times: 1 });
      await visitor.logInToPanel();
      await page.getByText("The panel cannot reach its services.").waitFor({ state: "hidden" });
      await visitor.forgive(UNREACHED);
      visitor.expectQuiet();
    });
  });

  test("logging out ends the session", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await visitor.logInToPanel();
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("User name").waitFor();
      await page.goBack();
      await page.getByLabel("User name").waitFor();
    });
  });
});

/** Does something that asks the server, and waits for its answer to be shown. */

async function ask({ page }: Visitor, what: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse(/_dash-update-component/);
  await what();
  await answer;
}
