import type { ComponentType, ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { onDemand } from './on-demand.ts'
import { useOnDemand } from './use-on-demand.ts'

/** A lazily loaded part of a page: loaded when it first renders, or earlier by `preload`. */
export type LazyPart<Props extends object> = ComponentType<Props> & { preload: () => void }

/**
 * Loads a part of a page lazily. If the load fails, the part says so and offers a retry; the
 * rest of the page stays.
 *
 * @param waiting rendered until the code is there
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode,
): LazyPart<Props> {
  const part = onDemand(load)

  function LazilyLoaded(props: Props) {
    const { Loaded, hasFailed, retry } = useOnDemand(part)
    if (Loaded) return <Loaded {...props} />
    if (!hasFailed) return waiting
    return (
      <p role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        This part of the page didn’t load.
        <Button size={28} onClick={retry}>
          Try again
        </Button>
      </p>
    )
  }

  return Object.assign(LazilyLoaded, { preload: () => part.preload() })
}
