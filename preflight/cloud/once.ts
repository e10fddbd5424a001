/** Makes a function that asks only once, and gives everyone the same answer. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  // A function that throws at once must not do so while others of a Promise.all are under way.
  return () => (answer ??= Promise.resolve().then(ask));
}
