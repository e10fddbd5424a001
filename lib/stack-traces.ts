/** V8's hook for what an error's `stack` becomes; there is none by default. https://v8.dev/docs/stack-trace-api */
interface StackTraces {
  prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => string;
}

/**
 * Leaves the stack traces of errors without a message as they are: Pulumi's SDK makes one for each promise and each
 * resource and reads it at once, and finding the TypeScript lines of all their frames takes a tenth of a preview. Errors
 * with a message are shown with those lines. Called before the first resource is made; does nothing where
 * PULUMI_DEBUG_PROMISE_LEAKS asks for those traces.
 *
 * @param environment variables of the process
 */
export function leaveMarksUnmapped(environment: NodeJS.ProcessEnv = process.env): void {
  const traces: StackTraces = Error;
  const map = traces.prepareStackTrace;
  if (map === undefined || environment.PULUMI_DEBUG_PROMISE_LEAKS) return;
  traces.prepareStackTrace = (error, frames) =>
    error.message === "" ? String(error) : map(error, frames);
}
