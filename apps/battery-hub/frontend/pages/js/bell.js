import { call } from "./api.js";
import { when } from "./battery-parts.js";
import { empty, icon, make, redraw, unseen } from "./elements.js";

const PAGE_SIZE = 30;
const MOST_SHOWN = 999;

/** The bell of the header: the unread count, and the newest notifications when it is opened. */
export class Bell {
  /** @param {(unread: number) => void} counted is told the number of unread notifications */
  constructor(counted) {
    this.counted = counted;
    this.unreadOnly = false;
    this.items = [];
    this.count = make("span.badge", { "aria-hidden": "true", hidden: true });
    this.button = make(
      "button.plain",
      {
        "aria-expanded": "false",
        "aria-controls": "notifications",
        "aria-label": "Notifications",
        onclick: () => this.toggle(),
      },
      icon("bell"),
      this.count,
    );
    this.head = make("header");
    this.list = make("div.scroll", { tabindex: 0, role: "group", "aria-label": "Newest first" });
    this.panel = make(
      "section.notifications.card",
      { id: "notifications", "aria-label": "Notifications", hidden: true },
      this.head,
      this.list,
    );
    this.element = make("div.bell", {}, this.button, this.panel);
    document.addEventListener("click", (event) => {
      if (!event.composedPath().includes(this.element)) this.toggle(false);
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.panel.hidden) return;
      this.toggle(false);
      this.button.focus();
    });
  }

  toggle(open = this.panel.hidden) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) void this.refresh();
  }

  /** Reads the newest notifications anew; the last ones stay when that fails. */
  async refresh() {
    const filter = this.unreadOnly;
    try {
      const bell = await call("GET", this.path());
      // The answer to an older question.
      if (filter !== this.unreadOnly) return;
      // What was paged to stays, with the pages between.
      const known = bell.items.at(-1);
      const at = this.items.findIndex((item) => item.id === known?.id);
      if (!this.paged || at < 0) {
        this.paged = false;
        this.more = bell.items.length === PAGE_SIZE;
      }
      const rest = this.paged ? this.items.slice(at + 1) : [];
      this.show(bell.unread, [...bell.items, ...rest]);
    } catch (problem) {
      this.showProblem(problem);
    }
  }

  async older() {
    const bell = await call("GET", `${this.path()}&before=${this.items.at(-1).id}`).catch(
      (problem) => this.showProblem(problem),
    );
    if (!bell) return;
    this.paged = true;
    this.more = bell.items.length === PAGE_SIZE;
    this.show(bell.unread, [...this.items, ...bell.items]);
  }

  path() {
    return `/notifications?limit=${PAGE_SIZE}&unread_only=${this.unreadOnly}`;
  }

  choose(unreadOnly) {
    this.unreadOnly = unreadOnly;
    this.paged = false;
    void this.refresh();
  }

  show(unread, items) {
    this.counted(unread);
    const number = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
    this.count.textContent = number;
    this.count.hidden = unread === 0;
    this.button.setAttribute("aria-label", `Notifications, ${number} unread`);
    this.items = items;
    const now = JSON.stringify([unread, items, this.more, this.unreadOnly]);
    if (now === this.known) return;
    this.known = now;
    this.drawHead(unread);
    redraw(
      this.list,
      items.length === 0
        ? this.nothing()
        : make(
            "ul",
            {},
            items.map((item) => this.item(item)),
          ),
      this.more &&
        make("button.more", { "data-key": "older", onclick: () => this.older() }, "Show older"),
    );
  }

  drawHead(unread) {
    const segment = (unreadOnly, text) =>
      make(
        "button",
        {
          "data-key": text,
          "aria-pressed": String(this.unreadOnly === unreadOnly),
          onclick: () => this.choose(unreadOnly),
        },
        text,
      );
    redraw(
      this.head,
      make(
        "div.heading",
        {},
        make("h2", {}, "Notifications"),
        unread > 0 && make("button.link", { onclick: () => this.readAll() }, "Mark all as read"),
      ),
      make(
        "div.segments",
        { role: "group", "aria-label": "Show" },
        segment(false, "All"),
        segment(true, "Unread"),
      ),
    );
  }

  nothing() {
    return this.unreadOnly
      ? empty("check", "Nothing unread", "You have seen all notifications.")
      : empty("bell", "All quiet", "Errors and batteries that go offline appear here.");
  }

  showProblem(problem) {
    this.known = undefined;
    if (this.items.length > 0) return;
    redraw(this.list, empty("broken", "This could not be loaded", problem.message));
  }

  item(item) {
    const offline = item.notification_type === "battery_offline";
    return make(
      "li",
      {},
      make(
        "a",
        {
          class: `notification ${item.severity}${item.is_read ? "" : " unread"}`,
          href: item.link_type === "battery" ? `#/batteries/${item.link_id}` : "#/batteries",
          "data-key": item.id,
          onclick: () => this.open(item),
        },
        make("span.mark", {}, icon(offline ? "offline" : item.severity)),
        make(
          "div",
          {},
          make(
            "strong",
            {},
            unseen(item.is_read ? "" : "Unread, "),
            unseen(`${item.severity}: `),
            item.title,
          ),
          make("span.small", {}, item.message),
          make("span.muted.small", {}, when(item.created_at)),
        ),
      ),
    );
  }

  /** Notes that a notification was read; its link leads to what it is about. */
  async open(item) {
    this.toggle(false);
    if (!item.is_read) await this.change(`/notifications/${item.id}/read`);
  }

  async readAll() {
    await this.change("/notifications/read");
    this.list.focus();
  }

  async change(path) {
    this.paged = false;
    await call("POST", path).catch(() => undefined);
    await this.refresh();
  }
}
