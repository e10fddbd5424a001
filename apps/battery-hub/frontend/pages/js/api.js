const TOKEN = "battery-hub-token";

/** Addresses of this deployment, read once at the start. */
export const settings = {};

/** The API refused or did not answer; the message is for people. */
export class ApiProblem extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export async function loadSettings() {
  const answer = await fetch("/settings.json", { cache: "no-store" });
  Object.assign(settings, await answer.json());
}

export const loggedIn = () => sessionStorage.getItem(TOKEN) !== null;
export const logOut = () => sessionStorage.removeItem(TOKEN);

export async function logIn(username, password) {
  const answer = await call("POST", "/auth/login", { username, password });
  // Ends with the tab; scripts of others cannot run here (Content-Security-Policy).
  sessionStorage.setItem(TOKEN, answer.access_token);
}

/** Calls the API. Announces `logged-out` on the window when the session has ended. */
export async function call(method, path, body) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await reach(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 401 && token !== null) {
    logOut();
    window.dispatchEvent(new Event("logged-out"));
  }
  if (!answer.ok) throw new ApiProblem(await reason(answer), answer.status);
  return answer.status === 204 ? null : answer.json();
}

/** What breaks is sent once more, as phones change their network; but nothing is made twice. */
async function reach(path, request) {
  const makes = request.method === "POST" && ["/hubs", "/batteries"].includes(path);
  for (let tries = makes ? 1 : 2; ; tries--) {
    try {
      const signal = AbortSignal.timeout(15000);
      return await fetch(settings.apiUrl + path, { ...request, signal });
    } catch {
      if (tries === 1) {
        throw new ApiProblem("Battery Hub cannot be reached. Check your connection and try again.");
      }
    }
  }
}

async function reason(answer) {
  const { detail } = await answer.json().catch(() => ({}));
  if (typeof detail === "string") return detail;
  const first = Array.isArray(detail) ? detail[0] : undefined;
  return first ? `${first.loc.at(-1)}: ${first.msg}` : `The request failed (${answer.status}).`;
}
