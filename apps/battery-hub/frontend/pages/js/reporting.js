import { settings } from "./api.js";
import { make } from "./elements.js";

/** How a battery reports, as commands to try. */
export function reporting(battery) {
  const login = `curl ${settings.apiUrl}/auth/battery-login \\
  --json '{"battery_id": ${battery.id}, "battery_secret": "SECRET"}'`;
  const report = `curl ${settings.apiUrl}/webhook/live-data \\
  --header 'Authorization: Bearer TOKEN' \\
  --json '{"state_of_charge": 81.5, "voltage": 51.2, "err": "TG"}'`;
  return [
    make("p.small.muted", {}, "Log in with the secret that was shown when it was added:"),
    make("pre", {}, login),
    make("p.small.muted", {}, "Send what is measured, with the access_token of the answer:"),
    make("pre", {}, report),
  ];
}
