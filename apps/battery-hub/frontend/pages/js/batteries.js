import { addBattery } from "./add-battery.js";
import { call } from "./api.js";
import { chargeBar, errorChip, statusPill, when } from "./battery-parts.js";
import { empty, icon, make, redraw, unseen } from "./elements.js";
import { amount, measurement } from "./format.js";

const SEARCH_FROM = 8;
const FILTERS = {
  all: ["All batteries", "", () => true],
  errors: ["With errors", "critical", (battery) => battery.errors.length > 0],
  offline: ["Offline", "critical", (battery) => battery.status === "offline"],
  online: ["Online", "good", (battery) => battery.status === "online"],
  unseen: ["Never seen", "", (battery) => battery.status === "never seen"],
};
const HEADS = {
  charge: "Charge",
  voltage: "Voltage",
  temperature: "Temperature",
  errors: "Errors",
  seen: "Last report",
};
// What was chosen stays while the visitor looks at a battery and comes back.
let filter = "all";
let wanted = "";

/** The list of batteries. */
export function batteriesView() {
  const add = make(
    "button.primary",
    { onclick: () => addBattery(() => view.load()) },
    icon("plus"),
    "Add battery",
  );
  const search = make("input.search", {
    type: "search",
    placeholder: "Search by name or hub",
    "aria-label": "Search batteries",
    value: wanted,
    oninput: () => {
      wanted = search.value;
      draw();
    },
  });
  const tiles = make("div.tiles", { role: "group", "aria-label": "Show" });
  const result = make("p.unseen", { role: "status" });
  const list = make("div");
  let batteries = [];
  let known;

  function draw() {
    search.hidden = batteries.length <= SEARCH_FROM;
    tiles.hidden = batteries.length === 0;
    redraw(tiles, Object.keys(FILTERS).map(tile));
    const shown = batteries.filter((one) => FILTERS[filter][2](one) && matches(one));
    result.textContent = `${amount(shown.length, "battery", "batteries")} shown`;
    redraw(list, shown.length === 0 ? nothing() : hubs(shown));
  }

  function tile(key) {
    const [label, tone, test] = FILTERS[key];
    const count = batteries.filter(test).length;
    const choose = () => {
      filter = key;
      draw();
    };
    return make(
      `button.tile${count > 0 && tone ? `.${tone}` : ""}`,
      { "aria-pressed": String(key === filter), "data-key": key, onclick: choose },
      make("strong", {}, String(count)),
      make("span", {}, label),
    );
  }

  function nothing() {
    if (batteries.length === 0) {
      const text = "Add the first one. It gets an id and a secret, and reports with them.";
      return make("div.card", {}, empty("battery", "No batteries yet", text));
    }
    const showAll = () => {
      filter = "all";
      wanted = search.value = "";
      draw();
    };
    const text = wanted
      ? `No battery of this group has “${wanted}” in its name or hub.`
      : "No battery is in this group right now.";
    return make(
      "div.card",
      {},
      empty("search", "Nothing here", text, make("button", { onclick: showAll }, "Show all")),
    );
  }

  const view = {
    title: "Batteries",
    element: make(
      "div.view",
      {},
      make("div.heading", {}, make("h1", { tabindex: -1 }, "Batteries"), search, add),
      tiles,
      result,
      list,
    ),
    async load() {
      batteries = await call("GET", "/batteries");
      const now = JSON.stringify(batteries);
      if (now !== known) draw();
      known = now;
    },
  };
  return view;
}

function matches(battery) {
  const text = `${battery.hub_name} ${battery.name}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function hubs(batteries) {
  const byHub = new Map();
  for (const battery of batteries) {
    byHub.set(battery.hub_id, [...(byHub.get(battery.hub_id) ?? []), battery]);
  }
  return [...byHub.values()].map((members) =>
    make(
      "section.hub",
      {},
      make(
        "div.heads",
        {},
        make("h2", {}, members[0].hub_name),
        Object.entries(HEADS).map(([kind, text]) =>
          make(`span.${kind}`, { "aria-hidden": "true" }, text),
        ),
      ),
      make("ul.card", {}, members.map(row)),
    ),
  );
}

function row(battery) {
  const latest = battery.latest ?? {};
  return make(
    "li.row",
    {},
    make(
      "h3",
      { title: battery.name },
      make("a", { href: `#/batteries/${battery.id}`, "data-key": battery.id }, battery.name),
    ),
    chargeBar(latest.state_of_charge),
    value("Voltage", "voltage", measurement(latest.voltage, "V")),
    value("Temperature", "temperature", measurement(latest.temperature, "°C")),
    make("div.chips", {}, battery.errors.map(errorChip)),
    make(
      "div.seen",
      {},
      statusPill(battery.status),
      battery.last_seen_at && make("span", {}, unseen("reported "), when(battery.last_seen_at)),
    ),
  );
}

function value(name, kind, text) {
  return make(`span.value.${kind}`, {}, unseen(`${name} `), text);
}
