import { EVERYWHERE, type Check } from "../check";
import { getJson } from "../https-get";

/** The certificate authority's directory answers, with the certificates that are to be trusted. */
export const certificateAuthority: Check = {
  name: "certificate-authority",
  targets: EVERYWHERE,
  run: async ({ settings, env, signal }) => {
    const next =
      "correct acmeServer, or trustedCertificates where the authority is one of your own";
    let directory: unknown;
    try {
      directory = await getJson(settings.acmeServer, {
        trusted: settings.trustedCertificates,
        dnsServer: env["BERTH_DNS_SERVER"] ?? "",
        signal,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ problem: `${settings.acmeServer} does not answer as it should (${reason})`, next }];
    }
    const keys = typeof directory === "object" && directory !== null ? Object.keys(directory) : [];
    const missing = ["newNonce", "newAccount", "newOrder"].filter((key) => !keys.includes(key));
    return missing.length === 0
      ? []
      : [
          {
            problem: `${settings.acmeServer} is no ACME directory (no ${missing.join(", ")})`,
            next,
          },
        ];
  },
};
