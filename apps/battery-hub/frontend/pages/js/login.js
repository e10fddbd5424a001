import { logIn } from "./api.js";
import { make } from "./elements.js";

/** The login page. */
export function loginPage(notice, done) {
  const problem = make("p.problem", { role: "alert" }, notice ?? "");
  const button = make("button.primary", { type: "submit" }, "Log in");
  const username = make("input", { name: "username", autocomplete: "username", required: true });
  const password = make("input", {
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      await logIn(username.value, password.value);
      done();
    } catch (refusal) {
      problem.textContent = refusal.message;
      password.select();
    } finally {
      button.disabled = false;
    }
  }

  const form = make(
    "form.card.login",
    { onsubmit: submit },
    make("img", { src: "/icon.svg", alt: "", width: 48, height: 48 }),
    make("h1", {}, "Battery Hub"),
    make("p.muted", {}, "Log in to see your batteries."),
    make("label", {}, "User name", username),
    make("label", {}, "Password", password),
    problem,
    button,
  );
  queueMicrotask(() => username.focus());
  return form;
}
