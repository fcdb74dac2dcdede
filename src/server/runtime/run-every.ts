type Options = {
  /** Milliseconds from the end of one run to the next; may depend on how long that one took. */
  every: number | ((took: number) => number)
  /** Whether the first run doesn't wait. */
  atOnce?: boolean
  onError: (error: unknown) => void
}

/**
 * Does a piece of work again and again, never twice at a time, whether it fails or not.
 *
 * @returns ends it, and waits for the run that is under way
 */
export function repeat(
  work: () => Promise<void>,
  { every, atOnce = false, onError }: Options,
): () => Promise<void> {
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    const started = performance.now()
    running = work()
      .catch(onError)
      .then(() => wait(performance.now() - started))
  }
  const wait = (took: number) => {
    if (!isOver) timer = setTimeout(run, typeof every === 'number' ? every : every(took))
  }
  if (atOnce) run()
  else wait(0)
  return async () => {
    isOver = true
    clearTimeout(timer)
    await running
  }
}
