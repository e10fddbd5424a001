/** When a rehearsal gives a key another value: always, where its list is empty, or where its text is not. */
type When = "always" | "where empty" | "where given";

/** Config keys that a rehearsal gives another value than the stack's file. */
export const REPLACED_KEYS = {
  release: "always",
  acmeServer: "always",
  acmeRootUrl: "always",
  trustedCertificates: "always",
  databaseAuthority: "where given",
  operatorKeys: "where empty",
  sshCidrs: "where empty",
} as const satisfies Record<string, When>;

/** One of those keys. */
export type ReplacedKey = keyof typeof REPLACED_KEYS;

/** Lists those whose values a rehearsal replaces, by the values of the stack's file. */
export function replacedKeys(value: (key: ReplacedKey) => unknown): ReplacedKey[] {
  return (Object.keys(REPLACED_KEYS) as ReplacedKey[]).filter((key) => {
    const when: When = REPLACED_KEYS[key];
    if (when === "always") return true;
    const current = value(key);
    if (when === "where given") return (current ?? "") !== "";
    return Array.isArray(current) && current.length === 0;
  });
}
