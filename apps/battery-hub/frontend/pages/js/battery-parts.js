import { icon, make, unseen } from "./elements.js";
import { ago, capital, moment } from "./format.js";

const OWN_WORDING = "Battery Hub's own wording: the devices' documents do not tell this code.";

/** Says whether a battery reports. */
export function statusPill(status) {
  return make(`span.pill.${status.replace(" ", "-")}`, {}, capital(status));
}

/** An error code with its meaning; codes outside the devices' documents are marked. */
export function errorChip(error) {
  return make(
    `span.chip.${error.severity}`,
    { title: error.documented ? null : OWN_WORDING },
    icon(error.severity),
    make(
      "span",
      {},
      unseen(`${error.severity}: `),
      make("strong", {}, error.code),
      ` ${meaning(error)}`,
    ),
  );
}

/** What an error code means, with a star where the wording is Battery Hub's own. */
export const meaning = (error) => `${error.title}${error.documented ? "" : "*"}`;

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
    make("strong", {}, unseen("State of charge "), known ? `${Math.round(percent)} %` : "–"),
  );
}

/** A time as people say it, with the exact one for whoever wants it. */
export function when(time) {
  return make("time", { datetime: time, title: moment(time) }, ago(time));
}

/** Brings the words of the times on the page up to date. */
export function tick() {
  for (const time of document.querySelectorAll("time[datetime][title]")) {
    time.textContent = ago(time.dateTime);
  }
}
