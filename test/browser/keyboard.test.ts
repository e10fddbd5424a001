import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Battery, Fleet, report } from "./support/api";
import { type Look, visit } from "./support/browser";
import { site } from "./support/site";

const DESKTOP: Look = { size: "desktop", scheme: "light" };
const fleet = new Fleet();
let battery: Battery;

describe("the keyboard", () => {
  before(async () => {
    battery = await fleet.add("Keys", "Papa");
    await fleet.add("Keys", "Quebec");
    await report(battery, { state_of_charge: 50, err: "TG" });
  });
  after(() => fleet.remove());

  test("everything is reached and left by keyboard", async () => {
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      const { urls, adminPassword } = await site();
      const focused = (): Promise<string> =>
        page.evaluate<string>(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        );
      await visitor.open(urls.main);
      await page.getByLabel("User name").waitFor();
      await page.keyboard.type("admin");
      await page.keyboard.press("Tab");
      await page.keyboard.type(adminPassword);
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Papa" }).waitFor();
      // What was loaded is read out from its heading.
      assert.equal(await focused(), "Batteries");

      await page.getByRole("button", { name: /^Notifications, / }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /Papa at Keys/ }).waitFor();
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Mark all as read");
      await page.keyboard.press("Escape");
      assert.match(await focused(), /^Notifications, /);
      assert.equal(await page.locator("#notifications").isVisible(), false);

      await page.getByRole("button", { name: "Add battery" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Add a battery" }).waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await focused(), "Add battery");
      visitor.expectQuiet();
    });
  });

  test("news leaves the keyboard where it was", async () => {
    await visit(DESKTOP, async (visitor) => {
      const { page } = visitor;
      await visitor.logIn();
      const quebec = page.getByRole("link", { name: "Quebec" });
      await quebec.focus();
      await report(battery, { state_of_charge: 51 });
      await visitor.refresh();
      await page.getByRole("listitem").filter({ hasText: "51 %" }).waitFor();
      const key = "document.activeElement.textContent";
      assert.equal(await page.evaluate<string>(key), "Quebec");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Quebec", level: 1 }).waitFor();
    });
  });
});
