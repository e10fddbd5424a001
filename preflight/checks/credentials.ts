import type { Check, Finding } from "../check";
import { CLOUDS, type Context } from "../check";
import { CredentialsRefused } from "../cloud/errors";

/** The cloud knows the credentials of the environment, and the account may be used. */
export const credentials: Check = {
  name: "credentials",
  targets: CLOUDS,
  run: async (context) => {
    try {
      return context.settings.target === "droplet"
        ? await checkAccount(context)
        : await checkIdentity(context);
    } catch (error) {
      if (error instanceof CredentialsRefused) return [refused(context, error)];
      throw error;
    }
  },
};

async function checkAccount({ digitalOcean }: Context): Promise<Finding[]> {
  const account = await digitalOcean.account();
  if (account.status !== "locked") return [];
  return [
    {
      problem: `the DigitalOcean account is locked${account.status_message.trim() === "" ? "" : ` (${account.status_message})`}`,
      next: "unlock it with DigitalOcean's support",
    },
  ];
}

async function checkIdentity({ aws }: Context): Promise<Finding[]> {
  await aws.identity();
  return [];
}

function refused({ settings }: Context, error: CredentialsRefused): Finding {
  return settings.target === "droplet"
    ? {
        problem: `DigitalOcean refuses the token (${error.message})`,
        next: "put a token of the account into DIGITALOCEAN_TOKEN (docs/runbooks/github.md tells what it must be allowed)",
      }
    : {
        problem: `AWS refuses the credentials (${error.message})`,
        next: "put an access key into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile in AWS_PROFILE, or log in again",
      };
}
