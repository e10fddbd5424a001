import { X509Certificate } from "node:crypto";
import { fewOf, type Check, type Context, type Finding } from "../check";
import { engineVersions, orderableVersions } from "../cloud/aws-services";

const MAJOR = "17";

/** RDS offers the database that is asked for, and its certificate can be verified. */
export const database: Check = {
  name: "database",
  targets: ["ec2"],
  run: async (context) => {
    if (context.settings.databaseSize === "") return [];
    return [...checkAuthority(context), ...(await checkOffer(context))];
  },
};

async function checkOffer({ aws, settings }: Context): Promise<Finding[]> {
  const [versions, orderable] = await Promise.all([
    engineVersions(aws, MAJOR),
    orderableVersions(aws, settings.databaseSize),
  ]);
  if (versions.length === 0) {
    return [
      {
        problem: `RDS has no PostgreSQL ${MAJOR} in region "${settings.region}"`,
        next: "set region to another one",
      },
    ];
  }
  if (orderable.length === 0) {
    return [
      {
        problem: `RDS offers no "${settings.databaseSize}" for PostgreSQL in region "${settings.region}"`,
        next: "set databaseSize to a class of the region, such as db.t4g.small",
      },
    ];
  }
  if (orderable.some((version) => isOfMajor(version))) return [];
  return [
    {
      problem: `RDS offers "${settings.databaseSize}" for PostgreSQL ${fewOf(orderable)} only, not for ${MAJOR}`,
      next: "set databaseSize to a newer class, such as db.t4g.small",
    },
  ];
}

function isOfMajor(version: string): boolean {
  return version === MAJOR || version.startsWith(`${MAJOR}.`);
}

function checkAuthority({ settings }: Context): Finding[] {
  const next =
    "set databaseAuthority to a file with the region's bundle, https://truststore.pki.rds.amazonaws.com/<region>/<region>-bundle.pem";
  const blocks =
    settings.databaseAuthority.match(
      /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g,
    ) ?? [];
  if (blocks.length === 0) {
    return [{ problem: "databaseAuthority holds no certificate", next }];
  }
  let certificates: X509Certificate[];
  try {
    certificates = blocks.map((block) => new X509Certificate(block));
  } catch {
    return [{ problem: "databaseAuthority holds a certificate that can't be read", next }];
  }
  // A bundle keeps certificates of the past; one that is still good is enough.
  const last = Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)));
  return last > Date.now()
    ? []
    : [
        {
          problem: `the certificates of databaseAuthority expired, the last on ${new Date(last).toISOString().slice(0, 10)}`,
          next,
        },
      ];
}
