import type { Policies } from "@pulumi/policy";
import { databaseTls } from "./rules/database-tls";
import { encryptedDisks } from "./rules/encrypted-disks";
import { instanceMetadata } from "./rules/instance-metadata";
import { liftedProtection } from "./rules/lifted-protection";
import { openSsh } from "./rules/open-ssh";
import { privateDatabase } from "./rules/private-database";
import { protectedData } from "./rules/protected-data";
import { requiredTags } from "./rules/required-tags";
import { userDataKeys } from "./rules/user-data-keys";
import { userDataPasswords } from "./rules/user-data-passwords";
import { userDataSize } from "./rules/user-data-size";

/** All rules of the pack. */
export const policies: Policies = [
  protectedData,
  liftedProtection,
  openSsh,
  privateDatabase,
  databaseTls,
  instanceMetadata,
  encryptedDisks,
  userDataKeys,
  userDataPasswords,
  userDataSize,
  requiredTags,
];
