import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { eventually } from "../../e2e/support/server";
import { browserNetwork } from "./private-network";
import { site } from "./site";

const root = join(__dirname, "..", "..", "..");
/** Where pictures of the pages are kept; git ignores it. */
export const ARTIFACTS = join(root, "artifacts", "browser");
/** Debian's Chromium, installed by toolchain/setup.sh --for-tests. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const CHARTS = 5;
const PATIENCE_MILLISECONDS = 60_000;

/** The window sizes that the pages are looked at in. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 860 },
} as const;

/** How a visitor looks at the pages. */
export interface Look {
  readonly size: keyof typeof SIZES;
  readonly scheme: "light" | "dark";
}

/** Every size in light and dark. */
export const LOOKS: readonly Look[] = (["phone", "desktop"] as const).flatMap((size) =>
  (["light", "dark"] as const).map((scheme) => ({ size, scheme })),
);

/** A visitor with a browser of their own, who notes what the pages complain about. */
export class Visitor {
  /** Errors in the console, refused by the content policy, failed scripts, broken requests. */
  readonly complaints: string[] = [];
  private openRequests = 0;

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly folder: string,
    private readonly look: Look,
  ) {
    page.setDefaultTimeout(PATIENCE_MILLISECONDS);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", () => (this.openRequests += 1));
    page.on("requestfinished", () => (this.openRequests -= 1));
    page.on("requestfailed", () => (this.openRequests -= 1));
  }

  /** Opens a browser. */
  static async arrive(look: Look): Promise<Visitor> {
    const { trustedKeys } = await site();
    const folder = mkdtempSync(join(tmpdir(), "berth-browser-"));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: join(__dirname, "chromium.sh"),
      env: { ...process.env, CHROMIUM, BROWSER_NETWORK: await browserNetwork() },
      viewport: SIZES[look.size],
      colorScheme: look.scheme,
      isMobile: look.size === "phone",
      hasTouch: look.size === "phone",
      // A moving page has no one picture.
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
      args:
        trustedKeys.length > 0
          ? [`--ignore-certificate-errors-spki-list=${trustedKeys.join(",")}`]
          : [],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    return new Visitor(page, context, folder, look);
  }

  /** Closes the browser; with `failed`, a picture of what it showed last is kept. */
  async leave(failed = false): Promise<void> {
    if (failed) await this.picture(`FAILED ${String(Date.now())}`).catch(() => undefined);
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 30 });
  }

  /** Opens an address. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** Opens the page and logs in as the admin. */
  async logIn(path = "/"): Promise<void> {
    const { urls, adminPassword } = await site();
    await this.open(urls.main + path);
    await this.page.getByLabel("User name").fill("admin");
    await this.page.getByLabel("Password").fill(adminPassword);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.page.getByRole("navigation", { name: "Main" }).waitFor();
  }

  /** Opens the panel, logs in as the admin, and waits until its charts are drawn. */
  async logInToPanel(path = "/"): Promise<void> {
    const { urls, adminPassword } = await site();
    await this.open(urls.panel + path);
    await this.page.getByLabel("User name").fill("admin");
    await this.page.getByLabel("Password").fill(adminPassword);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.chartsDrawn();
  }

  /** Waits until the panel has no question open and every chart is there. */
  async chartsDrawn(): Promise<void> {
    await this.page.locator("#figures .tile").first().waitFor();
    await eventually("every chart is drawn", 180, async () => {
      const drawn = await this.page.locator(".js-plotly-plot .main-svg:first-child").count();
      return drawn === CHARTS && (await this.page.getByText("Loading…").count()) === 0;
    });
  }

  /** Fails unless the page fits its window, is accessible, and complained of nothing but what may be. */
  async approve(name: string, mayBe?: RegExp): Promise<void> {
    await this.picture(name);
    const overflow = await this.page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    assert.equal(overflow, 0, `${name} scrolls sideways by ${String(overflow)} px`);
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    const grave = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
    assert.deepEqual(grave, [], `${name}: axe`);
    this.expectQuiet(mayBe);
  }

  /**
   * Forgets complaints that a test brought about on purpose, once nothing is asked any more: a page asks for several
   * things at once, and each that is refused is a complaint. @throws when there were none
   */
  async forgive(expected: RegExp): Promise<void> {
    await eventually("every request has its answer", 60, () => this.openRequests === 0);
    // The complaint about an answer comes just after it, and before that of this question.
    await this.page.evaluate("0");
    const others = this.complaints.filter((complaint) => !expected.test(complaint));
    assert.notEqual(others.length, this.complaints.length, `no complaint like ${String(expected)}`);
    this.complaints.splice(0, Infinity, ...others);
  }

  /** Makes the page look for news now, as it does when its tab is shown again. */
  async refresh(): Promise<void> {
    await this.page.evaluate("void document.dispatchEvent(new Event('visibilitychange'))");
  }

  /** Fails when the pages complained of something else than what may be. */
  expectQuiet(mayBe?: RegExp): void {
    assert.deepEqual(
      this.complaints.filter((complaint) => mayBe?.test(complaint) !== true),
      [],
    );
  }

  /** Keeps a picture of the window, or of the whole page. */
  async picture(name: string, fullPage = false): Promise<string> {
    mkdirSync(ARTIFACTS, { recursive: true });
    const path = join(ARTIFACTS, `${name} ${this.look.size} ${this.look.scheme}.png`);
    await this.page.screenshot({ path, fullPage, animations: "disabled" });
    return path;
  }
}

/** Runs something with a visitor's browser; when it fails, a picture of the page is kept. */
export async function visit(look: Look, what: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await Visitor.arrive(look);
  let failed = true;
  try {
    await what(visitor);
    failed = false;
  } finally {
    await visitor.leave(failed);
  }
}
