/** A thing in a cloud that a pending create may have made. */
export interface Found {
  /** Its id, as the provider keeps it in the state. */
  readonly id: string;
  /** False where nothing tells whose it is; default true. */
  readonly isCertain?: boolean;
}

/** Looks for things in a cloud by what they were to be made from. */
export interface Lookup {
  /** Tells whether things of this type can be looked for. */
  readonly knows: (type: string) => boolean;
  /**
   * Finds the things that these inputs would have made.
   *
   * @throws when the cloud can't be asked.
   */
  readonly find: (type: string, inputs: Readonly<Record<string, unknown>>) => Promise<Found[]>;
}
