/**
 * Makes an element. Texts are always text, never markup, whatever a battery is called.
 * @param {string} name tag, with classes: `div.card.wide`
 * @param {object} attributes attributes; functions become listeners (`onclick`); false and null are left out
 */
export function make(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Shows new content; the keyboard stays on the control of the same `data-key`. */
export function redraw(element, ...content) {
  const focused = element.contains(document.activeElement) && document.activeElement.dataset.key;
  element.replaceChildren(...content.flat().filter((child) => child != null && child !== false));
  if (!focused) return;
  const key = CSS.escape(focused);
  element.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
}

const DRAWINGS = {
  bell: "M6 16V11a6 6 0 1 1 12 0v5l1.5 2.5h-15zM10 21h4",
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  battery: "M4 8h14v8H4zM20.5 11v2M7 11v2",
  critical: "M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 8v4.5M12 16v.1",
  warning: "M12 4L2.8 19.5h18.4zM12 10v4M12 16.8v.1",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.1",
  offline: "M4 4l16 16M9 8h9v8M15 16H4V8M20.5 11v2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  broken: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5v5.5M12 16.2v.1",
};

/** Makes a small drawing that says nothing to a screen reader. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", DRAWINGS[name]);
  drawing.append(path);
  return drawing;
}

/** What is read out but not seen. */
export const unseen = (text) => make("span.unseen", {}, text);

/** What a page or a part of it shows when there is nothing to show. */
export function empty(drawing, title, text, ...actions) {
  return make(
    "div.empty",
    {},
    icon(drawing),
    make("h2", {}, title),
    make("p.muted", {}, text),
    ...actions,
  );
}

/** What a page shows when it could not be loaded. */
export function failure(problem, retry) {
  return make(
    "div.empty.wrong.card",
    { role: "alert" },
    icon("broken"),
    make("h2", {}, "This could not be loaded"),
    make("p.muted", {}, problem.message),
    make("button", { onclick: retry }, "Try again"),
  );
}

/** What a page shows until its data is there. */
export function waiting() {
  const blocks = [1, 2, 3, 4].map(() => make("span"));
  return make("div.waiting", { role: "status" }, unseen("Loading"), blocks);
}

let toastEnd;

/** Says for a few seconds what was done, or what went wrong. */
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  clearTimeout(toastEnd);
  toastEnd = setTimeout(() => place.replaceChildren(), 6000);
}
