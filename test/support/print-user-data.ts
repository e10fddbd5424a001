import { join } from "node:path";
import { renderCloudInit } from "../../lib/cloud-init";

// A key and a certificate of the right form; cloud-init's schema looks at no more.
process.stdout.write(
  renderCloudInit(join(__dirname, "..", ".."), {
    authorizedKeys: [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1hZGVPZk5vdGhpbmdCdXRMZXR0ZXJzQW5kRGlnaXRz berth",
    ],
    trustedCertificates: ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
  }),
);
