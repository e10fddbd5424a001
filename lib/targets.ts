/** Kinds of server. */
export const TARGETS = ["local", "droplet", "ec2", "existing"] as const;

/** Kind of server that a stack runs on. */
export type Target = (typeof TARGETS)[number];
