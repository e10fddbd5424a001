import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Settings } from "../config";
import { renderCloudInit } from "../lib/cloud-init";

/** How a cloud's server is made to be logged in to. */
export interface CloudLogin {
  /** The stack's own key: every login but the first and the operators' uses it. */
  readonly key: tls.PrivateKey;
  /** Public half of {@link key}, one authorized_keys line. */
  readonly publicKey: pulumi.Output<string>;
  /** Host key that the first login pins, one line; user data plants its private half. */
  readonly firstHostKey: pulumi.Output<string>;
  /** Secret, for the planted key. */
  readonly userData: pulumi.Output<string>;
  /** Everybody who may log in as `berth`. */
  readonly authorizedKeys: pulumi.Output<string[]>;
}

/** Makes the keys of a cloud's server and the user data that plants them; a rebuild has a host key of its own. */
export function makeCloudLogin(
  name: string,
  settings: Settings,
  parent: pulumi.Resource,
): CloudLogin {
  const key = new tls.PrivateKey(`${name}-login-key`, { algorithm: "ED25519" }, { parent });
  const firstContact = new tls.PrivateKey(
    `${name}-first-contact-${settings.cloud.generation}`,
    { algorithm: "ECDSA", ecdsaCurve: "P256" },
    { parent },
  );
  const publicKey = key.publicKeyOpenssh.apply((line) => line.trim());
  const userData = pulumi
    .all([publicKey, firstContact.privateKeyOpenssh])
    .apply(([line, firstContactKey]) =>
      renderCloudInit(settings.projectRoot, {
        authorizedKeys: [line],
        trustedCertificates: [],
        firstContactKey,
      }),
    );
  return {
    key,
    publicKey,
    firstHostKey: firstContact.publicKeyOpenssh.apply((line) => line.trim()),
    userData: pulumi.secret(userData),
    authorizedKeys: publicKey.apply((line) => [line, ...settings.operatorKeys]),
  };
}
