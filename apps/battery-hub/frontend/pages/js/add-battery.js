import { call } from "./api.js";
import { openDialog } from "./dialog.js";
import { make, toast } from "./elements.js";
import { reporting } from "./reporting.js";

/** Lets the visitor add a battery, to a hub that is there or a new one, and shows its secret. */
export async function addBattery(done) {
  let hubs;
  try {
    hubs = await call("GET", "/hubs");
  } catch (refusal) {
    toast(refusal.message);
    return;
  }
  const problem = make("p.problem", { role: "alert" });
  const name = make("input", { required: true, maxlength: 100, autocomplete: "off" });
  const hub = make("input", {
    required: true,
    maxlength: 100,
    list: "hubs",
    autocomplete: "off",
    value: hubs.length === 1 ? hubs[0].name : null,
  });
  const button = make("button.primary", { type: "submit" }, "Add");

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      const hubName = hub.value.trim();
      const known = hubs.find((one) => one.name === hubName);
      const home = known ?? (await call("POST", "/hubs", { name: hubName }));
      if (!known) hubs.push(home);
      const made = await call("POST", "/batteries", { name: name.value, hub_id: home.id });
      dialog.close();
      showSecret(made, done);
    } catch (refusal) {
      problem.textContent = refusal.message;
      button.disabled = false;
    }
  }

  const dialog = openDialog(
    "Add a battery",
    make(
      "form",
      { onsubmit: submit },
      make("label.field", {}, "Name", name),
      make("label.field", {}, "Hub", hub),
      make(
        "datalist",
        { id: "hubs" },
        hubs.map((one) => make("option", { value: one.name })),
      ),
      make("p.muted.small", {}, "A hub of a new name is made as well."),
      problem,
      make(
        "div.actions",
        {},
        make("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        button,
      ),
    ),
  );
}

function showSecret(made, done) {
  const copy = make("button", {}, "Copy");
  copy.addEventListener("click", async () => {
    const write = navigator.clipboard?.writeText(made.battery_secret) ?? Promise.reject();
    await write.then(
      () => (copy.textContent = "Copied"),
      () => (copy.textContent = "Select it to copy"),
    );
  });
  const dialog = openDialog(
    `${made.name} is added`,
    make("p", {}, "Give the battery these two values. The secret is shown only now."),
    make("label.field", {}, "Battery id", make("output", {}, String(made.id))),
    make("label.field", {}, "Secret", make("output", {}, made.battery_secret)),
    make("details", {}, make("summary", {}, "How it reports"), reporting(made)),
    make(
      "div.actions",
      {},
      copy,
      make("button.primary", { onclick: () => dialog.close() }, "Done"),
    ),
  );
  dialog.addEventListener("close", done);
}
