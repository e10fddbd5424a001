import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { batteryToken, Fleet, report } from "./support/api";
import { type Look, visit, type Visitor } from "./support/browser";
import { site } from "./support/site";

const HUB = "Harbour depot";
const fleet = new Fleet();

const LOOKS: readonly Look[] = [
  { size: "desktop", scheme: "light" },
  { size: "phone", scheme: "dark" },
];

describe("the first visit", () => {
  after(() => fleet.remove(HUB));

  for (const look of LOOKS) {
    test(
      `on a ${look.size}, from the login to an error in the charts`,
      { timeout: 900_000 },
      async () => {
        await site();
        await visit(look, async (visitor) => {
          await visitor.logIn();
          await visitor.page.getByText("No batteries yet").waitFor();
          await visitor.approve("empty");
          const { id, secret } = await addBattery(visitor);
          await neverSeen(visitor);
          await report({ id, name: "Alpha", token: await batteryToken(id, secret) }, { err: "TG" });
          await rowAppears(visitor);
          await bellLeadsToTheBattery(visitor);
          await chartsShowIt(visitor);
        });
        await fleet.remove(HUB);
      },
    );
  }
});

async function addBattery({ page }: Visitor): Promise<{ id: number; secret: string }> {
  await page.getByRole("button", { name: "Add battery" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a battery" });
  await dialog.getByLabel("Name").fill("Alpha");
  await dialog.getByLabel("Hub").fill(HUB);
  await dialog.getByRole("button", { name: "Add" }).click();
  const added = page.getByRole("dialog", { name: "Alpha is added" });
  const id = Number(await added.getByLabel("Battery id").textContent());
  const secret = (await added.getByLabel("Secret").textContent()) ?? "";
  await added.getByRole("button", { name: "Done" }).click();
  return { id, secret };
}

async function neverSeen(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const row = page.getByRole("listitem").filter({ hasText: "Alpha" });
  await row.getByText("Never seen").waitFor();
  assert.match(await page.getByRole("button", { name: "Never seen" }).innerText(), /^1\s/);
  await row.getByRole("link", { name: "Alpha" }).click();
  await page.getByText("curl").first().waitFor();
  await visitor.approve("never seen");
  await page.getByRole("link", { name: "Batteries" }).last().click();
}

async function rowAppears(visitor: Visitor): Promise<void> {
  const row = visitor.page.getByRole("listitem").filter({ hasText: "Alpha" });
  // By itself: nothing is clicked, the page looks for news.
  await row.getByText("Temperature out of range").waitFor();
  await row.getByText("Online").waitFor();
  await visitor.page.getByRole("button", { name: "Notifications, 1 unread" }).waitFor();
  assert.match(await visitor.page.title(), /^\(1\) Batteries/);
  await visitor.approve("first error");
}

async function bellLeadsToTheBattery(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.getByRole("button", { name: "Notifications, 1 unread" }).click();
  await page.getByRole("link", { name: /TG: Temperature out of range/ }).click();
  await page.getByRole("heading", { name: "Alpha", level: 1 }).waitFor();
  await page.getByText("Critical, in the newest report").waitFor();
  const history = page.locator("section").filter({ hasText: "Error history" });
  const entry = history.getByRole("listitem");
  assert.match(await entry.innerText(), /TG Temperature out of range\s+Critical\s+\d\d:\d\d/);
  await page.getByRole("button", { name: "Notifications, 0 unread" }).waitFor();
  await visitor.approve("first battery");
}

async function chartsShowIt(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const { adminPassword } = await site();
  await page.getByRole("link", { name: "Charts" }).last().click();
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(adminPassword);
  await page.getByRole("button", { name: "Log in" }).click();
  await visitor.chartsDrawn();
  assert.equal(await page.locator("#batteries option:checked").innerText(), `${HUB} / Alpha`);
  const row = page.getByRole("row").filter({ hasText: "Alpha" });
  assert.match(await row.innerText(), /TG Temperature out of range\s+Critical/);
  await page.locator("#errors-legend").getByText("TG Temperature out of range").waitFor();
  await visitor.approve("first charts");
}
