const STEPS = [
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [30, "day"],
  [12, "month"],
  [Infinity, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** Says how long ago a time was, e.g. `3 minutes ago`. */
export function ago(time) {
  let amount = (new Date(time) - Date.now()) / 1000;
  if (Math.abs(amount) < 10) return "just now";
  for (const [size, unit] of STEPS) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
}

/** Writes a time in the visitor's way. */
export function moment(time) {
  return absolute.format(new Date(time));
}

/** Writes a measurement, or a dash where there is none. */
export function measurement(value, unit, digits = 1) {
  return value == null ? "–" : `${value.toFixed(digits)} ${unit}`;
}
