import ipaddr from "ipaddr.js";
import { CLOUDS, type Check, type Context, type Finding } from "../check";

/** SSH is open to the networks that are named, to the caller, and not to everybody. */
export const sshCidr: Check = {
  name: "ssh-cidr",
  targets: CLOUDS,
  run: async (context) => {
    const { sshCidrs } = context.settings;
    const findings = sshCidrs.flatMap(checkCidr);
    if (sshCidrs.length === 0 && !hasOwnRule(context)) {
      findings.push({
        problem: "sshCidrs is empty, so that nobody reaches the server by SSH",
        next: "name the networks that may, such as your own address with /32",
      });
    }
    if (hasOwnRule(context)) return findings;
    return [...findings, ...(await checkCaller(context))];
  },
};

/** A runner of CI is let in by a rule of its own, see ci/ssh-rule.ts. */
function hasOwnRule({ env }: Context): boolean {
  return (env["BERTH_SSH_RULE"] ?? "") !== "";
}

function checkCidr(cidr: string): Finding[] {
  if (!ipaddr.isValidCIDR(cidr)) {
    return [
      {
        problem: `"${cidr}" in sshCidrs is no network`,
        next: "allowed are forms such as 203.0.113.7/32 and 2001:db8::/64",
      },
    ];
  }
  const [address, bits] = ipaddr.parseCIDR(cidr);
  if (bits === 0) {
    return [
      {
        problem: `"${cidr}" in sshCidrs opens SSH to everybody`,
        next: "name the networks that need it",
      },
    ];
  }
  const network =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
      : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  if (network.toString() === address.toString()) return [];
  return [
    {
      problem: `"${cidr}" in sshCidrs is not the start of its network`,
      next: `write ${network.toString()}/${bits}, or the address alone with /${address.kind() === "ipv4" ? 32 : 128}`,
    },
  ];
}

async function checkCaller(context: Context): Promise<Finding[]> {
  const { sshCidrs } = context.settings;
  let caller: string;
  try {
    caller = await context.callerAddress();
  } catch (error) {
    return [
      {
        problem: `this machine's public address is not known (${error instanceof Error ? error.message : String(error)})`,
        next: "put it into BERTH_CALLER_ADDRESS",
      },
    ];
  }
  if (!ipaddr.isValid(caller)) {
    return [
      {
        problem: `"${caller}" is no address of this machine`,
        next: "put an address such as 203.0.113.7 into BERTH_CALLER_ADDRESS",
      },
    ];
  }
  const address = ipaddr.process(caller);
  const reached = sshCidrs
    .filter((cidr) => ipaddr.isValidCIDR(cidr))
    .map((cidr) => ipaddr.parseCIDR(cidr))
    .some(
      ([network, bits]) =>
        network.kind() === address.kind() && address.match([network, bits] as never),
    );
  return reached
    ? []
    : [
        {
          problem: `sshCidrs does not contain this machine's address ${address.toString()}, so the steps on the server could not log in`,
          next: `add ${address.toString()}/${address.kind() === "ipv4" ? 32 : 128}`,
        },
      ];
}
