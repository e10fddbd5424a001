import { addBattery } from "./add-battery.js";
import { call } from "./api.js";
import { chargeBar, errorChip, figure, statusPill, when } from "./battery-parts.js";
import { empty, icon, make } from "./elements.js";
import { measurement } from "./format.js";

const FILTERS = {
  all: ["All", () => true],
  errors: ["With errors", (battery) => battery.errors.length > 0],
  offline: ["Offline", (battery) => battery.status === "offline"],
};
let filter = "all";

/** The list of batteries. */
export async function batteriesPage(reload) {
  const batteries = await call("GET", "/batteries");
  const add = (kind) =>
    make(`button.${kind}`, { onclick: () => addBattery(reload) }, icon("plus"), "Add battery");
  if (batteries.length === 0) {
    const text = "Add the first one to get the secret that it reports with.";
    return [empty("No batteries yet", text, add("primary"))];
  }
  const shown = batteries.filter(FILTERS[filter][1]);
  return [
    make("div.title", {}, make("h1", {}, "Batteries"), add("plain")),
    filterBar(batteries, reload),
    shown.length === 0
      ? empty("Nothing here", "No battery is in this group right now.")
      : make("ul.cards", {}, shown.map(card)),
  ];
}

function filterBar(batteries, reload) {
  const choose = (key) => () => {
    filter = key;
    reload();
  };
  const buttons = Object.entries(FILTERS).map(([key, [label, test]]) =>
    make(
      "button.filter",
      { "aria-pressed": String(key === filter), onclick: choose(key) },
      label,
      make("span.count", {}, String(batteries.filter(test).length)),
    ),
  );
  return make("div.filters", { role: "group", "aria-label": "Show" }, buttons);
}

function card(battery) {
  const latest = battery.latest ?? {};
  return make(
    "li",
    {},
    make(
      "a.card.battery",
      { href: `#/batteries/${battery.id}` },
      make(
        "div.title",
        {},
        make("div", {}, make("h2", {}, battery.name), make("p.muted", {}, battery.hub_name)),
        statusPill(battery.status),
      ),
      chargeBar(latest.state_of_charge),
      make(
        "dl.figures",
        {},
        figure("Voltage", measurement(latest.voltage, "V")),
        figure("Temperature", measurement(latest.temperature, "°C")),
        figure("Reported", battery.last_seen_at ? when(battery.last_seen_at) : "–"),
      ),
      battery.errors.length > 0 && make("div.chips", {}, battery.errors.map(errorChip)),
    ),
  );
}
