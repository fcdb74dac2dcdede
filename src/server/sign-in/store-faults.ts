import { AsyncLocalStorage } from 'node:async_hooks'
import { StoreError } from '../../store/store-error.ts'

const scope = new AsyncLocalStorage<{ fault?: StoreError }>()

/**
 * Runs work of the sign-in library, which hides why it fails. Rejects with the store's own error
 * where that is why.
 */
export function throughLibrary<Result>(work: () => Promise<Result>): Promise<Result> {
  const seen: { fault?: StoreError } = {}
  return scope.run(seen, async () => {
    const outcome = await work().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
    if (seen.fault) throw seen.fault
    if ('error' in outcome) throw outcome.error
    return outcome.result
  })
}

/** Hands an answer of the store on to the library, and takes note of a fault in it. */
export async function noted<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    const seen = scope.getStore()
    if (seen && error instanceof StoreError) seen.fault = error
    throw error
  }
}
