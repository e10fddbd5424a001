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

const DRAWINGS = {
  bell: "M6 16V11a6 6 0 1 1 12 0v5l1.5 2.5h-15zM10 21h4",
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  battery: "M4 8h14v8H4zM20 11v2M7 11v2",
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

/** What a page shows when there is nothing to show. */
export function empty(title, text, ...actions) {
  return make(
    "div.empty",
    {},
    icon("battery"),
    make("h2", {}, title),
    make("p.muted", {}, text),
    ...actions,
  );
}

/** What a page shows when it could not be loaded. */
export function failure(problem, retry) {
  return make(
    "div.empty",
    { role: "alert" },
    make("h2", {}, "This could not be loaded"),
    make("p.muted", {}, problem.message),
    make("button", { onclick: retry }, "Try again"),
  );
}
