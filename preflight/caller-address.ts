import { once } from "./cloud/once";

const SERVICE = "https://checkip.amazonaws.com";

/**
 * Makes a question for the address that this machine is seen at: BERTH_CALLER_ADDRESS, else what a public service of
 * AWS answers. The question throws when nobody tells.
 */
export function callerAddress(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): () => Promise<string> {
  return once(async () => {
    const given = env["BERTH_CALLER_ADDRESS"] ?? "";
    if (given !== "") return given;
    try {
      const response = await fetch(SERVICE, { signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return (await response.text()).trim();
    } catch (error) {
      throw new Error(`${SERVICE} does not tell`, { cause: error });
    }
  });
}
