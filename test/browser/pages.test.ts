import { after, before, describe, test } from "node:test";
import { asAdmin, Fleet } from "./support/api";
import { LOOKS, visit, type Visitor } from "./support/browser";
import { makeFleet } from "./support/fleet";
import { site } from "./support/site";

const fleet = new Fleet();

describe("the pages", () => {
  before(() => makeFleet(fleet), { timeout: 1_200_000 });
  after(() => fleet.remove());

  for (const look of LOOKS) {
    test(`every page is readable and accessible: ${look.size}, ${look.scheme}`, async () => {
      await asAdmin("GET", "/batteries");
      await visit(look, async (visitor) => {
        await login(visitor);
        await missing(visitor);
        await visitor.logIn();
        await batteries(visitor);
        await bell(visitor);
        await battery(visitor);
        await dialogs(visitor);
        await panel(visitor);
      });
    });
  }
});

async function login(visitor: Visitor): Promise<void> {
  await visitor.open((await site()).urls.main);
  await visitor.page.getByLabel("User name").waitFor();
  await visitor.approve("login");
}

async function missing(visitor: Visitor): Promise<void> {
  await visitor.open(`${(await site()).urls.main}/nowhere`);
  await visitor.page.getByText("This page does not exist").waitFor();
  await visitor.forgive(/status of 404/);
  await visitor.approve("404");
}

async function batteries(visitor: Visitor): Promise<void> {
  await visitor.page.getByRole("link", { name: "Hotel" }).waitFor();
  await visitor.approve("batteries");
  await visitor.picture("batteries, all of it", true);
}

async function bell(visitor: Visitor): Promise<void> {
  await visitor.page.getByRole("button", { name: /^Notifications, / }).click();
  await visitor.page.locator(".notification").first().waitFor();
  await visitor.approve("bell");
}

async function battery(visitor: Visitor): Promise<void> {
  await visitor.page.getByRole("link", { name: /CBL/ }).first().click();
  await visitor.page.getByRole("heading", { name: "Echo", level: 1 }).waitFor();
  await visitor.approve("battery");
  await visitor.picture("battery, all of it", true);
}

async function dialogs(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.getByRole("button", { name: "Remove this battery" }).click();
  await page.getByRole("dialog", { name: "Remove Echo?" }).waitFor();
  await visitor.approve("removal");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("link", { name: "Batteries" }).last().click();
  await page.getByRole("button", { name: "Add battery" }).click();
  await page.getByRole("dialog", { name: "Add a battery" }).waitFor();
  await visitor.approve("add battery");
}

async function panel(visitor: Visitor): Promise<void> {
  const { urls } = await site();
  await visitor.open(urls.panel);
  await visitor.page.getByLabel("User name").waitFor();
  await visitor.approve("panel login");
  await visitor.logInToPanel();
  await visitor.approve("panel");
  await visitor.picture("panel, all of it", true);
  await visitor.open(`${urls.panel}/nowhere`);
  await visitor.page.getByText("This page does not exist").waitFor();
  await visitor.forgive(/status of 404/);
  await visitor.approve("panel 404");
}
