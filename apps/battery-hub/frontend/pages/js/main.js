import { call, loadSettings, loggedIn, logOut, settings } from "./api.js";
import { batteriesView } from "./batteries.js";
import { tick } from "./battery-parts.js";
import { batteryView } from "./battery.js";
import { Bell } from "./bell.js";
import { closeDialogs } from "./dialog.js";
import { failure, icon, make, waiting } from "./elements.js";
import { timeOfDay } from "./format.js";
import { loginPage } from "./login.js";

const REFRESH_MILLISECONDS = 20_000;
const bar = document.getElementById("bar");
const page = document.getElementById("page");
const banner = make("p.banner", { role: "status", hidden: true });
let bell;
let view;
let unread = 0;
let reached = new Date();

/** Shows the page that the address names; a later move makes an earlier one worth nothing. */
async function show() {
  if (!loggedIn()) return showLogin();
  const mine = route();
  view = mine;
  page.replaceChildren(waiting());
  let instead;
  try {
    await mine.load();
  } catch (problem) {
    instead = problem.status === 404 ? missing("This battery does not exist") : failed(problem);
  }
  if (view !== mine || !loggedIn()) return;
  view = instead ?? mine;
  reached = new Date();
  banner.hidden = true;
  page.replaceChildren(banner, view.element);
  entitle();
  window.scrollTo(0, 0);
  page.querySelector("h1")?.focus({ preventScroll: true });
}

function route() {
  const { hash } = window.location;
  const battery = /^#\/batteries\/(\d{1,9})$/.exec(hash);
  if (battery) return batteryView(battery[1]);
  if (["", "#", "#/", "#/batteries"].includes(hash)) return batteriesView();
  return missing("This page does not exist");
}

function missing(title) {
  const element = make(
    "div.empty",
    {},
    icon("search"),
    make("h1", { tabindex: -1 }, title),
    make("p.muted", {}, "It may have been removed, or the address is mistyped."),
    make("a.button.primary", { href: "#/batteries" }, "Go to the batteries"),
  );
  return { title, element, load: () => Promise.resolve() };
}

/** Stands for a page that could not be loaded, and tries again by itself. */
function failed(problem) {
  return { title: "Not loaded", element: failure(problem, show), load: show };
}

function entitle() {
  const count = unread > 0 ? `(${unread}) ` : "";
  document.title = view ? `${count}${view.title} · Battery Hub` : "Log in · Battery Hub";
}

function showLogin(notice) {
  closeDialogs();
  view = undefined;
  bell = undefined;
  bar.hidden = true;
  bar.replaceChildren();
  page.replaceChildren(loginPage(notice, enter));
  entitle();
}

async function enter() {
  bell = new Bell((count) => {
    unread = count;
    entitle();
  });
  const leave = () => {
    logOut();
    showLogin();
  };
  bar.replaceChildren(
    make(
      "div.bar-inner",
      {},
      make(
        "a.brand",
        { href: "#/batteries", "aria-label": "Battery Hub" },
        make("img", { src: "/icon.svg", alt: "", width: 30, height: 30 }),
        make("span", {}, "Battery Hub"),
      ),
      make(
        "nav.tabs",
        { "aria-label": "Main" },
        make("a", { href: "#/batteries", "aria-current": "page" }, "Batteries"),
        make("a", { href: settings.panelUrl }, "Charts"),
      ),
      make("div.tools", {}, bell.element, make("button.plain", { onclick: leave }, "Log out")),
    ),
  );
  bar.hidden = false;
  await Promise.all([show(), bell.refresh()]);
}

/** Brings what is shown up to date. Where that fails it stays, and a banner says how old it is. */
async function refresh() {
  if (!loggedIn() || document.hidden || !view) return;
  tick();
  const mine = view;
  void bell?.refresh();
  try {
    await mine.load();
    reached = new Date();
    banner.hidden = true;
    if (mine === view) entitle();
  } catch (problem) {
    if (mine !== view) return;
    if (problem.status === 404) return void show();
    banner.textContent = `${problem.message} What you see is from ${timeOfDay(reached)}.`;
    banner.hidden = false;
  }
}

window.addEventListener("hashchange", () => {
  bell?.toggle(false);
  closeDialogs();
  void show();
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
