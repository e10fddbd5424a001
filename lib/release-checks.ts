import type { Application } from "./application-types";
import { PROXY_ADDRESS_IN_CONTAINERS } from "./compose";

/** Renders the checks of a release as `host/checks/run.sh` reads them. */
export function renderChecks(
  application: Application,
  domains: Readonly<Record<string, string>>,
  publicPort: number,
): string {
  const { http = [], run = [] } = application.berth.checks ?? {};
  return JSON.stringify({
    http: http.map(({ route, path, status }) => ({
      domain: domains[route],
      port: publicPort,
      path,
      status,
    })),
    run,
    runAddress: PROXY_ADDRESS_IN_CONTAINERS,
  });
}
