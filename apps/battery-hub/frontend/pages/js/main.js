import { call, loadSettings, loggedIn, logOut, settings } from "./api.js";
import { batteriesPage } from "./batteries.js";
import { batteryPage } from "./battery.js";
import { Bell } from "./bell.js";
import { empty, failure, make } from "./elements.js";
import { loginPage } from "./login.js";

const REFRESH_MILLISECONDS = 20_000;
const bar = document.getElementById("bar");
const page = document.getElementById("page");
let bell;
let turn = 0;

/** Shows the page that the address names. An older, slower load never covers a newer one. */
async function show({ moved = false } = {}) {
  if (!loggedIn()) return showLogin();
  const mine = ++turn;
  if (moved) page.replaceChildren(make("p.loading", {}, "Loading…"));
  let content;
  try {
    content = await route();
  } catch (problem) {
    content = problem.status === 404 ? [missing()] : [failure(problem, () => show())];
  }
  if (mine !== turn || !loggedIn()) return;
  const focused = controls().indexOf(document.activeElement);
  page.replaceChildren(...content);
  controls()[focused]?.focus({ preventScroll: true });
  if (moved) page.focus({ preventScroll: true });
}

/** A page that is shown anew keeps the keyboard where it was. */
const controls = () => [...page.querySelectorAll("a, button")];

function route() {
  const battery = /^#\/batteries\/(\d+)$/.exec(window.location.hash);
  return battery ? batteryPage(battery[1]) : batteriesPage(() => show());
}

function missing() {
  const back = make("a", { href: "#/batteries" }, "Go to the batteries");
  return empty("This battery does not exist", "It may have been removed.", back);
}

function showLogin(notice) {
  turn++;
  bar.hidden = true;
  bar.replaceChildren();
  bell = undefined;
  page.replaceChildren(loginPage(notice, enter));
}

async function enter() {
  bell = new Bell();
  const leave = () => {
    logOut();
    showLogin();
  };
  bar.replaceChildren(
    make(
      "a.brand",
      { href: "#/batteries" },
      make("img", { src: "/icon.svg", alt: "", width: 28, height: 28 }),
      "Battery Hub",
    ),
    make("nav", {}, make("a", { href: settings.panelUrl }, "Charts")),
    bell.element,
    make("button.plain", { onclick: leave }, "Log out"),
  );
  bar.hidden = false;
  await Promise.all([show({ moved: true }), bell.refresh()]);
}

function refresh() {
  if (!loggedIn() || document.hidden || document.querySelector("dialog[open]")) return;
  void show();
  void bell?.refresh();
}

window.addEventListener("hashchange", () => {
  bell?.toggle(false);
  void show({ moved: true });
});
window.addEventListener("logged-out", () => showLogin("Your session has ended. Log in again."));
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, REFRESH_MILLISECONDS);

try {
  await loadSettings();
  if (loggedIn()) await call("GET", "/auth/me").then(enter, () => loggedIn() && enter());
  else showLogin();
} catch (problem) {
  page.replaceChildren(failure(problem, () => window.location.reload()));
}
