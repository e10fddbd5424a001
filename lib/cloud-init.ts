import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** What differs between the servers' first boots. */
export interface CloudInitValues {
  /** Public keys, one authorized_keys line each, of those who may log in as `berth`. */
  readonly authorizedKeys: readonly string[];
  /** Certificates (PEM) of authorities that the server trusts beside the public ones. */
  readonly trustedCertificates: readonly string[];
  /**
   * Private key (OpenSSH form) of a throw-away host key, by which the first login knows the server. It is used for that
   * login alone and removed by the next step; none where the server's own key can be read in another way.
   */
  readonly firstContactKey?: string;
}

/** Largest user data, in bytes, that every target takes with room to spare; EC2 refuses more than 16384. */
export const USER_DATA_LIMIT_BYTES = 12 * 1024;

interface Template {
  users: { name: string; ssh_authorized_keys?: string[] }[];
  write_files: { path: string; content?: string; from?: string; permissions?: string }[];
  ca_certs?: { trusted: string[] };
  [key: string]: unknown;
}

/**
 * Renders the user data of a server's first boot from `cloud-init/server.yaml`. It holds no secret that lasts: every
 * process on the server can read it.
 *
 * @param projectRoot folder of the project, which the template's `from:` paths are relative to
 * @throws when the text exceeds {@link USER_DATA_LIMIT_BYTES}
 * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html
 */
export function renderCloudInit(projectRoot: string, values: CloudInitValues): string {
  const template = parse(
    readFileSync(join(projectRoot, "cloud-init", "server.yaml"), "utf8"),
  ) as Template;
  const user = template.users.find(({ name }) => name === "berth");
  if (user === undefined) throw new Error('cloud-init/server.yaml: there is no user "berth"');
  user.ssh_authorized_keys = [...values.authorizedKeys];

  template.write_files = template.write_files.map(({ from, ...file }) =>
    from === undefined ? file : { ...file, content: readFileSync(join(projectRoot, from), "utf8") },
  );
  if (values.firstContactKey !== undefined) {
    template.write_files.push(...firstContactFiles(values.firstContactKey));
  }
  if (values.trustedCertificates.length > 0) {
    template.ca_certs = { trusted: [...values.trustedCertificates] };
  }
  const text = `#cloud-config\n${stringify(template, { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > USER_DATA_LIMIT_BYTES) {
    throw new Error(
      `user data: ${String(bytes)} bytes, allowed are ${String(USER_DATA_LIMIT_BYTES)}; move what is new to a host script`,
    );
  }
  return text;
}

// Not named ssh_host_*: cloud-init removes such keys at the first boot.
const FIRST_CONTACT_KEY = "/etc/ssh/berth_first_contact";

function firstContactFiles(key: string): Template["write_files"] {
  return [
    { path: FIRST_CONTACT_KEY, content: key, permissions: "0600" },
    {
      path: "/etc/ssh/sshd_config.d/05-berth-first-contact.conf",
      // Naming one host key switches off the others, so the lasting one is named too.
      content: `HostKey /etc/ssh/ssh_host_ed25519_key\nHostKey ${FIRST_CONTACT_KEY}\n`,
    },
  ];
}
