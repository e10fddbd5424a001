import { make } from "./elements.js";

/** Opens a dialog; it leaves the page when it is closed. */
export function openDialog(...children) {
  const dialog = make("dialog.card", {}, children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something is lost; resolves to whether the answer was yes. */
export function confirmRemoval(title, text) {
  return new Promise((resolve) => {
    const dialog = openDialog(
      make("h2", {}, title),
      make("p", {}, text),
      make(
        "div.actions",
        {},
        make("button", { onclick: () => dialog.close() }, "Keep"),
        make("button.danger", { onclick: () => dialog.close("yes") }, "Remove"),
      ),
    );
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}
