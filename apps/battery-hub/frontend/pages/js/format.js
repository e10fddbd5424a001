const STEPS = [
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [30, "day"],
  [12, "month"],
  [Infinity, "year"],
];
const JUST_NOW_SECONDS = 10;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const date = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** Says how long ago a time was, e.g. `3 minutes ago`. Clocks of batteries may be ahead a little. */
export function ago(time) {
  let amount = (new Date(time) - Date.now()) / 1000;
  if (amount > -JUST_NOW_SECONDS) return "just now";
  for (const [size, unit] of STEPS) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
}

/** Writes a time in the visitor's way. */
export const moment = (time) => absolute.format(new Date(time));

/** Writes the time of day in the visitor's way. */
export const timeOfDay = (time) => clock.format(new Date(time));

/** Names the visitor's day that a time is on, e.g. `Yesterday`. */
export function dayOf(time) {
  const name = date.format(new Date(time));
  const today = new Date();
  if (name === date.format(today)) return "Today";
  today.setDate(today.getDate() - 1);
  return name === date.format(today) ? "Yesterday" : name;
}

/** Writes a measurement, or a dash where there is none. */
export function measurement(value, unit, digits = 1) {
  return value == null ? "–" : `${value.toFixed(digits)} ${unit}`;
}

/** Writes a number of things, e.g. `1 report`, `2 reports`. */
export function amount(number, thing, things = `${thing}s`) {
  return `${number} ${number === 1 ? thing : things}`;
}

/** Begins a word as a sentence begins. */
export const capital = (word) => word[0].toUpperCase() + word.slice(1);
