import type { Check } from "../check";
import { certificateAuthority } from "./certificate-authority";
import { credentials } from "./credentials";
import { database } from "./database";
import { domains } from "./domains";
import { image } from "./image";
import { imagePlatform } from "./image-platform";
import { nameTaken } from "./name-taken";
import { quota } from "./quota";
import { region } from "./region";
import { secretsProvider } from "./secrets-provider";
import { server } from "./server";
import { size } from "./size";
import { sshCidr } from "./ssh-cidr";
import { stateBackend } from "./state-backend";
import { volume } from "./volume";
import { zone } from "./zone";

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  credentials,
  region,
  size,
  image,
  imagePlatform,
  quota,
  volume,
  nameTaken,
  database,
  zone,
  domains,
  sshCidr,
  certificateAuthority,
  server,
  stateBackend,
  secretsProvider,
];
