import { logIn, settings } from "./api.js";
import { make } from "./elements.js";

/** The login page; `notice` says why the visitor is asked, e.g. that the session has ended. */
export function loginPage(notice, done) {
  const problem = make("p.problem", { role: "alert" }, notice ?? "");
  const button = make("button.primary", { type: "submit" }, "Log in");
  const username = make("input", {
    name: "username",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
  });
  const password = make("input", {
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    button.textContent = "Logging in…";
    problem.textContent = "";
    try {
      await logIn(username.value, password.value);
      done();
    } catch (refusal) {
      problem.textContent = refusal.message;
      password.select();
    } finally {
      button.disabled = false;
      button.textContent = "Log in";
    }
  }

  const page = make(
    "div.login",
    {},
    make(
      "div.brand",
      {},
      make("img", { src: "/icon.svg", alt: "", width: 42, height: 42 }),
      make("span", {}, "Battery Hub"),
    ),
    make(
      "form.card",
      { onsubmit: submit },
      make(
        "div",
        {},
        make("h1", {}, "Log in"),
        make("p.muted", {}, "See your batteries and what they report."),
      ),
      problem,
      make("label.field", {}, "User name", username),
      make("label.field", {}, "Password", password),
      button,
    ),
    make(
      "p.foot",
      {},
      make("a", { href: settings.panelUrl }, "Charts"),
      make("span", {}, `Release ${settings.release}`),
    ),
  );
  queueMicrotask(() => username.focus());
  return page;
}
