type Options = {
  /** Milliseconds from the end of one run to the next. */
  every: number
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
    running = work().catch(onError).then(wait)
  }
  const wait = () => {
    if (!isOver) timer = setTimeout(run, every)
  }
  if (atOnce) run()
  else wait()
  return async () => {
    isOver = true
    clearTimeout(timer)
    await running
  }
}
