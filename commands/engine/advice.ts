/** What is known of a failure. */
export interface Circumstances {
  readonly stack: string;
  readonly target: string;
  /** What failed, as the command to repeat: up, destroy. */
  readonly action: string;
  /** Key of the stage, empty where it is not known. */
  readonly stage: string;
  /** Everything that was said of it. */
  readonly cause: string;
  /** What the stage leaves as it was. */
  readonly kept: string;
}

/** What a failure left alone, and what to do next. */
export interface Advice {
  readonly kept: string;
  readonly next: string;
}

const NOTHING = "everything: nothing was begun";

interface Rule {
  readonly applies: (of: Circumstances, status: number) => boolean;
  readonly advise: (of: Circumstances, again: string) => Partial<Advice>;
}

const RULES: readonly Rule[] = [
  {
    applies: ({ cause }) =>
      /currently locked|another update is (currently )?in progress/i.test(cause),
    advise: ({ stack }) => ({
      kept: NOTHING,
      next: `wait until the other command has ended; if it was killed: make recover STACK=${stack}`,
    }),
  },
  {
    applies: ({ cause }) => /can't be used:/.test(cause),
    advise: ({ stack }, again) => ({
      kept: NOTHING,
      next: `correct Pulumi.${stack}.yaml or the application's compose.yaml, then: ${again}`,
    }),
  },
  {
    applies: ({ cause }) => /pending operations|interrupted while/i.test(cause),
    advise: ({ stack }, again) => ({ next: `make recover STACK=${stack}, then: ${again}` }),
  },
  {
    applies: ({ stage, cause }) => stage === "server" && /first boot failed/.test(cause),
    advise: ({ stack, target }, again) => ({
      kept: "the new server, to be looked at; nothing runs on it yet",
      next:
        target === "local"
          ? `correct cloud-init/, then make the server anew: make down STACK=${stack}, and ${again}`
          : `correct cloud-init/, raise serverGeneration in Pulumi.${stack}.yaml, then: ${again}`,
    }),
  },
  {
    applies: ({ stage, cause }) => stage === "release" && /serves, but a check failed/.test(cause),
    advise: () => ({ kept: "the new release serves; its data is kept" }),
  },
  {
    applies: ({ stage }, status) => stage === "certificate" && status === 73,
    advise: (_of, again) => ({ next: `make the DNS records that are named above, then: ${again}` }),
  },
];

/** The command that does the same again; in a rehearsal `make up` would go to the real cloud. */
export function repeat(action: string, stack: string, target: string): string {
  const rehearsed = (process.env.BERTH_SIMULATOR ?? "") !== "";
  if (action !== "destroy") return `make ${rehearsed ? "rehearse" : action} STACK=${stack}`;
  if (rehearsed) return `make rehearse STACK=${stack} ACTION=destroy`;
  return target === "local"
    ? `make down STACK=${stack}`
    : `make destroy STACK=${stack} CONFIRM=${stack}`;
}

/** Says what a failure left alone and which command comes next. */
export function advise(of: Circumstances): Advice {
  const again = repeat(of.action, of.stack, of.target);
  const status = Number(/exit status (\d+)/.exec(of.cause)?.[1] ?? "0");
  const usual: Advice = { kept: of.kept, next: `put right what is said above, then: ${again}` };
  const rule = RULES.find(({ applies }) => applies(of, status));
  return { ...usual, ...rule?.advise(of, again) };
}
