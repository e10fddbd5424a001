import { make } from "./elements.js";
import { ago, moment } from "./format.js";

/** Says whether a battery reports. */
export function statusPill(status) {
  return make(`span.pill.${status.replace(" ", "-")}`, {}, status);
}

/** An error code with its meaning; codes outside the devices' documents are marked. */
export function errorChip(error) {
  const source = error.documented ? "" : " (Battery Hub's own wording for an undocumented code)";
  return make(
    `span.chip.${error.severity}`,
    { title: `${error.title}${source}` },
    make("strong", {}, error.code),
    ` ${error.title}`,
    error.documented ? null : make("sup", { "aria-hidden": "true" }, "*"),
  );
}

/** How full a battery is, as a bar with its figure. */
export function chargeBar(percent) {
  const known = percent != null;
  const level = make("span.level");
  // Set by script: the page's policy forbids style attributes.
  level.style.width = `${known ? percent : 0}%`;
  const tone = !known ? "unknown" : percent < 20 ? "low" : percent < 50 ? "middle" : "high";
  return make(
    `div.charge.${tone}`,
    {},
    make("span.track", { "aria-hidden": "true" }, level),
    make("strong", {}, known ? `${Math.round(percent)} %` : "–"),
  );
}

/** A time as people say it, with the exact one for whoever wants it. */
export function when(time) {
  return make("time", { datetime: time, title: moment(time) }, ago(time));
}

/** A figure with its name. */
export function figure(name, value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, value));
}
