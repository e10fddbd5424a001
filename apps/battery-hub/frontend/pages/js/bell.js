import { call } from "./api.js";
import { when } from "./battery-parts.js";
import { empty, icon, make } from "./elements.js";

/** The bell of the header: the unread count, and the newest notifications when it is opened. */
export class Bell {
  constructor() {
    this.count = make("span.badge", { hidden: true });
    this.list = make("div.notifications.card", { hidden: true, id: "notifications" });
    this.button = make(
      "button.round",
      { "aria-expanded": "false", "aria-controls": "notifications", onclick: () => this.toggle() },
      icon("bell"),
      this.count,
    );
    this.element = make("div.bell", {}, this.button, this.list);
    document.addEventListener("click", (event) => {
      if (!event.composedPath().includes(this.element)) this.toggle(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.toggle(false);
    });
    this.show({ unread: 0, items: [] });
  }

  toggle(open = this.list.hidden) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) void this.refresh();
  }

  /** Reads the notifications anew; the last ones stay when that fails. */
  async refresh() {
    try {
      this.show(await call("GET", "/notifications?limit=30"));
    } catch {
      this.button.setAttribute("aria-label", "Notifications cannot be loaded");
    }
  }

  show({ unread, items }) {
    this.count.textContent = unread > 99 ? "99+" : String(unread);
    this.count.hidden = unread === 0;
    this.button.setAttribute("aria-label", `Notifications, ${unread} unread`);
    const head = make(
      "div.title",
      {},
      make("h2", {}, "Notifications"),
      unread > 0 && make("button.plain", { onclick: () => this.readAll() }, "Mark all as read"),
    );
    const body =
      items.length === 0
        ? empty("All quiet", "Errors and batteries that go offline appear here.")
        : make(
            "ul",
            {},
            items.map((item) => this.item(item)),
          );
    this.list.replaceChildren(head, body);
  }

  item(item) {
    return make(
      "li",
      {},
      make(
        "button",
        {
          class: `notification ${item.severity}${item.is_read ? "" : " unread"}`,
          onclick: () => this.open(item),
        },
        make("strong", {}, item.title),
        make("span", {}, item.message),
        make("span.muted.small", {}, when(item.created_at)),
      ),
    );
  }

  /** Leads to what a notification is about, and notes that it was read. */
  async open(item) {
    this.toggle(false);
    if (item.link_type === "battery") window.location.hash = `#/batteries/${item.link_id}`;
    if (!item.is_read) await this.change(`/notifications/${item.id}/read`);
  }

  async readAll() {
    await this.change("/notifications/read");
  }

  async change(path) {
    await call("POST", path).catch(() => undefined);
    await this.refresh();
  }
}
