import { readFileSync, statSync } from "node:fs";
import { EVERYWHERE, type Check, type Context, type Finding } from "../check";
import { backendUrl, liesIn, secretsProvider as providerOf } from "../state";

const KEY_SERVICES = ["awskms", "azurekeyvault", "gcpkms", "hashivault"];
const OTHERS_MAY_READ = 0o044;
const NEXT =
  "put a long passphrase into a file of mode 0600 outside of the project and its path into PULUMI_CONFIG_PASSPHRASE_FILE, or use a key service (pulumi stack change-secrets-provider)";

/** Secrets in the state are encrypted with something worth the name. */
export const secretsProvider: Check = {
  name: "secrets-provider",
  targets: EVERYWHERE,
  run: (context) => Promise.resolve(checkProvider(context)),
};

function checkProvider(context: Context): Finding[] {
  const provider = providerOf(context);
  if (provider === "" || provider === "default") {
    // Pulumi Cloud encrypts with a key of its own.
    return /^https?:/.test(backendUrl(context)) ? [] : checkPassphrase(context);
  }
  if (provider === "passphrase") return checkPassphrase(context);
  const scheme = provider.split(":")[0] ?? "";
  if (KEY_SERVICES.includes(scheme)) return [];
  return [{ problem: `"${scheme}" is no secrets provider`, next: NEXT }];
}

function checkPassphrase({ env, projectRoot }: Context): Finding[] {
  const passphrase = env["PULUMI_CONFIG_PASSPHRASE"];
  // Pulumi takes the variable before the file, an empty one too.
  if (passphrase !== undefined) {
    return passphrase === ""
      ? [
          {
            problem:
              "PULUMI_CONFIG_PASSPHRASE is empty, so secrets in the state are as good as clear",
            next: NEXT,
          },
        ]
      : [];
  }
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
  if (file === "") return [{ problem: "there is no passphrase", next: NEXT }];
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, "utf8");
    mode = statSync(file).mode;
  } catch {
    return [{ problem: `the passphrase file ${file} can't be read`, next: NEXT }];
  }
  const findings: Finding[] = [];
  if (text.trim() === "") {
    findings.push({ problem: `the passphrase file ${file} is empty`, next: NEXT });
  }
  if ((mode & OTHERS_MAY_READ) !== 0) {
    findings.push({
      problem: `others may read the passphrase file ${file} (mode ${(mode & 0o777).toString(8)})`,
      next: `chmod 600 ${file}`,
    });
  }
  if (liesIn(projectRoot, file)) {
    findings.push({
      problem: `the passphrase file ${file} lies in the project's folder`,
      next: "move it out, and change the passphrase where it was ever committed",
    });
  }
  return findings;
}
