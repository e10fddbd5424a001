import { make } from "./elements.js";

/** Opens a dialog under a title; it leaves the page when it is closed. */
export function openDialog(title, ...children) {
  const dialog = make(
    "dialog.card",
    { "aria-labelledby": "dialog-title" },
    make("h2", { id: "dialog-title" }, title),
    children,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Closes what is open, as when the session ends. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

/** Asks before something is lost; resolves to whether the answer was yes. */
export function confirmRemoval(title, text) {
  return new Promise((resolve) => {
    const dialog = openDialog(
      title,
      make("p", {}, text),
      make(
        "div.actions",
        {},
        make("button", { autofocus: true, onclick: () => dialog.close() }, "Keep"),
        make("button.danger", { onclick: () => dialog.close("yes") }, "Remove"),
      ),
    );
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}
