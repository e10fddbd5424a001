import { call } from "./api.js";
import { chargeBar, errorChip, figure, statusPill, when } from "./battery-parts.js";
import { confirmRemoval } from "./dialog.js";
import { empty, icon, make } from "./elements.js";
import { measurement, moment } from "./format.js";

/** One battery with its error history. */
export async function batteryPage(id) {
  const [battery, errors] = await Promise.all([
    call("GET", `/batteries/${id}`),
    call("GET", `/batteries/${id}/errors`),
  ]);
  const latest = battery.latest ?? {};
  return [
    make("a.back", { href: "#/batteries" }, icon("back"), "Batteries"),
    make(
      "div.title",
      {},
      make("div", {}, make("h1", {}, battery.name), make("p.muted", {}, battery.hub_name)),
      statusPill(battery.status),
    ),
    make(
      "section.card",
      {},
      chargeBar(latest.state_of_charge),
      make(
        "dl.figures.wide",
        {},
        figure("Voltage", measurement(latest.voltage, "V", 2)),
        figure("Current", measurement(latest.current, "A", 2)),
        figure("Temperature", measurement(latest.temperature, "°C")),
        figure("Reported", battery.last_seen_at ? when(battery.last_seen_at) : "never"),
        figure("Battery id", String(battery.id)),
      ),
    ),
    make("section.card", {}, make("h2", {}, "Error history"), history(errors)),
    make("button.danger", { onclick: () => remove(battery) }, "Remove this battery"),
  ];
}

function history(errors) {
  if (errors.length === 0) return empty("No errors", "This battery has not reported any.");
  const own = errors.some((record) => record.errors.some((error) => !error.documented));
  return make(
    "div",
    {},
    make(
      "ol.history",
      {},
      errors.map((record) =>
        make(
          "li",
          {},
          make("time", { datetime: record.recorded_at }, moment(record.recorded_at)),
          make("div.chips", {}, record.errors.map(errorChip)),
        ),
      ),
    ),
    own && make("p.muted.small", {}, "* not in the devices' documents"),
  );
}

async function remove(battery) {
  const text = `Its reports and errors are removed with it. Its secret stops working at once.`;
  if (!(await confirmRemoval(`Remove ${battery.name}?`, text))) return;
  await call("DELETE", `/batteries/${battery.id}`);
  window.location.hash = "#/batteries";
}
