import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type Battery, Fleet, minutesAgo, report } from "./support/api";
import { type Look, visit } from "./support/browser";
import { site } from "./support/site";

const DESKTOP: Look = { size: "desktop", scheme: "light" };
const PHONE: Look = { size: "phone", scheme: "light" };
/** What a browser complains of while every request to the API is cut off, also by itself some seconds later. */
const UNREACHED = /ERR_FAILED/;
const fleet = new Fleet();

describe("states of the page", () => {
  after(() => fleet.remove());

  test("a wrong password is answered with a sentence, and typed anew", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await visitor.open((await site()).urls.main);
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Password").fill("wrong");
      await page.getByRole("button", { name: "Log in" }).click();
      const alert = page.getByRole("alert");
      assert.equal(await alert.innerText(), "The user name or the password is wrong.");
      await visitor.forgive(/status of 401/);
      await visitor.approve("wrong login");
    });
  });

  test("a report of an error alone leaves the measurements where they were", async () => {
    const battery = await fleet.add("Partial", "India");
    await report(battery, { recorded_at: minutesAgo(30), state_of_charge: 81, voltage: 51.2 });
    await report(battery, { err: "TG" });
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      await visitor.logIn();
      const row = page.getByRole("listitem").filter({ hasText: "India" });
      assert.match(await row.innerText(), /81 %[^]*51\.2 V[^]*–[^]*TG/);
      await row.getByRole("link").click();
      const voltage = page.locator(".measure").filter({ hasText: "Voltage" });
      assert.match(await voltage.innerText(), /51\.20 V\s+measured 3\d minutes ago/);
      await visitor.approve("partial report");
    });
  });

  test("the bell tells when an error happened, not when it arrived", async () => {
    const battery = await fleet.add("Late", "Juliett");
    await report(battery, { recorded_at: minutesAgo(26 * 60), err: "CBL" });
    await visit(DESKTOP, async (visitor) => {
      await visitor.logIn();
      await visitor.page.getByRole("button", { name: /^Notifications, / }).click();
      const item = visitor.page.getByRole("link", { name: /Juliett at Late reported CBL/ });
      assert.match(await item.innerText(), /yesterday/);
    });
  });

  test("after its session ended, a visitor comes back to the same page", async () => {
    const battery = await fleet.add("Session", "Kilo");
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      const { adminPassword } = await site();
      await visitor.logIn(`/#/batteries/${battery.id}`);
      await page.getByRole("button", { name: "Remove this battery" }).click();
      await page.evaluate("sessionStorage.setItem('battery-hub-token', 'of another time')");
      await visitor.refresh();
      await page.getByText("Your session has ended. Log in again.").waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
      await visitor.forgive(/status of 401/);
      await visitor.approve("session ended");
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Password").fill(adminPassword);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("heading", { name: "Kilo", level: 1 }).waitFor();
      visitor.expectQuiet();
    });
  });

  test("while the API is away the page says so, keeps what it has, and recovers", async () => {
    await fleet.add("Away", "Lima");
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      const { urls } = await site();
      await visitor.logIn();
      await page.getByRole("link", { name: "Lima" }).waitFor();
      await page.route(`${urls.api}/**`, (route) => route.abort());
      await visitor.refresh();
      await page.getByText(/cannot be reached.*What you see is from/).waitFor();
      assert.equal(await page.getByRole("link", { name: "Lima" }).count(), 1);
      await visitor.forgive(UNREACHED);
      await visitor.approve("stale", UNREACHED);
      await page.evaluate("void (location.hash = '#/batteries/1')");
      await page.getByRole("button", { name: "Try again" }).waitFor();
      await visitor.forgive(UNREACHED);
      await visitor.approve("not loaded", UNREACHED);
      await page.unroute(`${urls.api}/**`);
      await page.evaluate("void (location.hash = '#/batteries')");
      await page.getByRole("link", { name: "Lima" }).waitFor();
      assert.equal(await page.getByText("What you see is from").isVisible(), false);
      visitor.expectQuiet(UNREACHED);
    });
  });

  test("until data is there the page shows that it waits", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      const { urls } = await site();
      await visitor.logIn();
      await page.getByRole("heading", { name: "Batteries", exact: true }).waitFor();
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route(`${urls.api}/batteries`, async (route) => {
        await held;
        await route.continue();
      });
      await page.evaluate("void (location.hash = '#/')");
      await page.getByText("Loading").waitFor({ state: "attached" });
      await visitor.approve("waiting");
      answer();
      await page.getByRole("heading", { name: "Batteries", exact: true }).waitFor();
    });
  });

  test("the longest names and unknown codes stay inside", async () => {
    const long = "W".repeat(100);
    const battery: Battery = await fleet.add(`H${long}`.slice(0, 100), long);
    await report(battery, { state_of_charge: 3, err: `${"X".repeat(120)},OVC,TG,COM` });
    for (const look of [PHONE, DESKTOP]) {
      await visit(look, async (visitor) => {
        const { page } = visitor;
        await visitor.logIn();
        await page.getByRole("link", { name: long }).waitFor();
        await visitor.approve("long names");
        await page.getByRole("button", { name: /^Notifications, / }).click();
        await page.locator(".notification").first().waitFor();
        await visitor.approve("long notifications");
        await visitor.open(`${(await site()).urls.main}/#/batteries/${battery.id}`);
        await page.getByRole("heading", { name: long, level: 1 }).waitFor();
        await visitor.approve("long battery");
        await visitor.logInToPanel(`/?battery=${battery.id}`);
        await visitor.approve("long panel");
        await visitor.picture("long panel, all of it", true);
      });
    }
  });

  test("a battery that is not there, and an address that is none, say so", async () => {
    await visit(PHONE, async (visitor) => {
      const { page } = visitor;
      await visitor.logIn("/#/batteries/999999999");
      await page.getByText("This battery does not exist").waitFor();
      const notFound = /status of 404/;
      await visitor.forgive(notFound);
      // The page looks for news meanwhile, and is told the same again.
      await visitor.approve("no battery", notFound);
      await page.evaluate("void (location.hash = '#/nowhere')");
      await page.getByText("This page does not exist").waitFor();
      visitor.expectQuiet(notFound);
    });
  });
});
