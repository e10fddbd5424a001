import { call } from "./api.js";
import { meaning } from "./battery-parts.js";
import { empty, icon, make, redraw, toast } from "./elements.js";
import { amount, capital, dayOf, moment, timeOfDay } from "./format.js";

const PAGE_SIZE = 100;
const RANK = ["info", "warning", "critical"];

/** The reports of a battery that held errors, newest first, more on demand. */
export function errorHistory(id) {
  const element = make("section.card", {}, make("h2", {}, "Error history"));
  const list = make("div");
  const records = new Map();
  let more = false;
  let known;
  element.append(list);

  async function read(before) {
    const from = before === undefined ? "" : `&before=${before}`;
    const path = `/batteries/${id}/errors?limit=${PAGE_SIZE}${from}`;
    const answer = await call("GET", path);
    if (before !== undefined || records.size === 0) more = answer.length === PAGE_SIZE;
    for (const record of answer) records.set(record.id, record);
  }

  function draw() {
    const sorted = [...records.values()].sort(
      (a, b) => new Date(b.recorded_at) - new Date(a.recorded_at) || b.id - a.id,
    );
    if (sorted.length === 0) {
      redraw(list, empty("check", "No errors", "This battery has not reported any."));
      return;
    }
    const older = () => read(sorted.at(-1).id).then(draw, (problem) => toast(problem.message));
    const own = sorted.some((record) => record.errors.some((error) => !error.documented));
    redraw(
      list,
      days(sorted),
      more && make("button", { "data-key": "older", onclick: older }, "Show older errors"),
      own &&
        make(
          "p.muted.small",
          {},
          "* Battery Hub's own wording: the devices' documents do not tell this code.",
        ),
    );
  }

  return {
    element,
    async load() {
      await read();
      const now = [...records.keys()].join();
      if (now !== known) draw();
      known = now;
    },
  };
}

/** One entry for reports in a row, on a day, that said the same. */
function days(records) {
  const found = new Map();
  for (const record of records) {
    const day = dayOf(record.recorded_at);
    const entries = found.get(day) ?? [];
    const last = entries.at(-1);
    const codes = record.errors.map((error) => error.code).join();
    if (last?.codes === codes) last.records.push(record);
    else entries.push({ codes, records: [record] });
    found.set(day, entries);
  }
  return [...found].map(([day, entries]) =>
    make("div.day", {}, make("h3", {}, day), make("ol", {}, entries.flatMap(entryEvents))),
  );
}

function entryEvents({ records }) {
  const [newest] = records;
  const sorted = [...newest.errors].sort(
    (a, b) => RANK.indexOf(b.severity) - RANK.indexOf(a.severity),
  );
  return sorted.map((error) => event(error, records));
}

function event(error, records) {
  const from = records.at(-1).recorded_at;
  const to = records[0].recorded_at;
  const [first, last] = [timeOfDay(from), timeOfDay(to)];
  const reports = records.length > 1 && ` · ${amount(records.length, "report")}`;
  return make(
    `li.event.${error.severity}`,
    {},
    make("span.mark", {}, icon(error.severity)),
    make(
      "div",
      {},
      make("p", {}, make("span.code", {}, error.code), ` ${meaning(error)}`),
      make("p.muted.small", {}, capital(error.severity), reports),
    ),
    make(
      "span.time",
      { title: first === last ? moment(to) : `${moment(from)} – ${moment(to)}` },
      first === last ? last : `${first} – ${last}`,
    ),
  );
}
