import { call, settings } from "./api.js";
import { chargeBar, meaning, statusPill, when } from "./battery-parts.js";
import { confirmRemoval } from "./dialog.js";
import { icon, make, redraw, toast } from "./elements.js";
import { capital, measurement, moment } from "./format.js";
import { errorHistory } from "./history.js";
import { reporting } from "./reporting.js";

const FRESH_MILLISECONDS = 90_000;

/** One battery with its error history. */
export function batteryView(id) {
  const history = errorHistory(id);
  const title = make("h1", { tabindex: -1 });
  const head = make("div.heading.title");
  const now = make("div.now");
  const aside = make("aside.card", { "aria-label": "About this battery" });
  const columns = make("div.columns");
  let reported;
  let known;

  function draw(battery) {
    view.title = title.textContent = battery.name;
    const charts = make("a.button", { href: `${settings.panelUrl}/?battery=${id}` }, "Charts");
    redraw(head, make("div", {}, title, under(battery)), charts);
    redraw(now, alerts(battery.errors), measures(battery));
    // What is folded open stays open.
    if (reported !== (battery.status !== "never seen")) {
      reported = battery.status !== "never seen";
      redraw(aside, about(battery));
      columns.replaceChildren(reported ? history.element : firstReport(battery), aside);
    }
    redraw(aside.querySelector("dl"), details(battery));
  }

  const view = {
    title: "Battery",
    element: make(
      "div.view",
      {},
      make("a.back", { href: "#/batteries" }, icon("back"), "Batteries"),
      head,
      now,
      columns,
    ),
    async load() {
      const [battery] = await Promise.all([call("GET", `/batteries/${id}`), history.load()]);
      const text = JSON.stringify(battery);
      if (text !== known) draw(battery);
      known = text;
    },
  };
  return view;
}

function under(battery) {
  const seen = battery.last_seen_at;
  return make(
    "div.under",
    {},
    make("span", {}, battery.hub_name),
    statusPill(battery.status),
    seen && make("span", {}, "Reported ", when(seen)),
  );
}

const alerts = (errors) => errors.length > 0 && make("div.alerts", {}, errors.map(alert));

function alert(error) {
  return make(
    `div.alert.card.${error.severity}`,
    {},
    make("span.mark", {}, icon(error.severity)),
    make(
      "div",
      {},
      make("p", {}, make("strong", {}, `${error.code}: ${meaning(error)}`)),
      make("p.small", {}, `${capital(error.severity)}, in the newest report`),
    ),
  );
}

function measures({ latest }) {
  const values = latest ?? { measured_at: {} };
  const measure = (name, field, content) => {
    const at = values.measured_at[field];
    const old = at && new Date(latest.recorded_at) - new Date(at) > FRESH_MILLISECONDS;
    return make(
      "div.measure.card",
      {},
      make("dt", {}, name),
      make("dd", {}, content),
      old && make("dd.small", {}, "measured ", when(at)),
    );
  };
  return make(
    "dl.measures",
    {},
    measure("State of charge", "state_of_charge", chargeBar(values.state_of_charge)),
    measure("Voltage", "voltage", measurement(values.voltage, "V", 2)),
    measure("Current", "current", measurement(values.current, "A", 2)),
    measure("Temperature", "temperature", measurement(values.temperature, "°C")),
  );
}

function firstReport(battery) {
  return make(
    "section.card",
    {},
    make("h2", {}, "Waiting for the first report"),
    make("p.muted", {}, "This page shows it as soon as it is there. To try it from a terminal:"),
    reporting(battery),
  );
}

function about(battery) {
  return [
    make("h2", {}, "About"),
    make("dl.details"),
    battery.status !== "never seen" &&
      make("details", {}, make("summary", {}, "How it reports"), reporting(battery)),
    make("button.danger", { onclick: () => remove(battery) }, "Remove this battery"),
  ];
}

function details(battery) {
  const detail = (name, content) => make("div", {}, make("dt", {}, name), make("dd", {}, content));
  return [
    detail("Battery id", String(battery.id)),
    detail("Hub", battery.hub_name),
    detail("Last report", battery.last_seen_at ? moment(battery.last_seen_at) : "None yet"),
  ];
}

async function remove(battery) {
  const text = "Its reports and errors are removed with it, and its secret stops working at once.";
  if (!(await confirmRemoval(`Remove ${battery.name}?`, text))) return;
  try {
    await call("DELETE", `/batteries/${battery.id}`);
  } catch (problem) {
    toast(problem.message);
    return;
  }
  toast(`${battery.name} is removed.`);
  window.location.hash = "#/batteries";
}
