type Options = {
  /** Milliseconds from the end of one run to the next; may depend on the duration of the run. */
  intervalMs: number | ((took: number) => number)
  /** Whether the first run starts at once. */
  immediately?: boolean
  onError: (error: unknown) => void
}

/**
 * Runs work periodically, never twice at the same time. A failure is reported and doesn't stop it.
 *
 * @returns stops it and waits for a run in progress
 */
export function runEvery(
  work: () => Promise<void>,
  { intervalMs, immediately = false, onError }: Options,
): () => Promise<void> {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    const started = performance.now()
    running = work()
      .catch(onError)
      .then(() => wait(performance.now() - started))
  }
  const wait = (took: number) => {
    if (!isStopped)
      timer = setTimeout(run, typeof intervalMs === 'number' ? intervalMs : intervalMs(took))
  }
  if (immediately) run()
  else wait(0)
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await running
  }
}
