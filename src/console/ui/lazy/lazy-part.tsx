import { useEffect, useState, type ComponentType, type ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { onDemand } from './on-demand.ts'

/** A part of a page whose code is fetched when it is first drawn, or earlier by `preload`. */
export type LazyPart<Props extends object> = ComponentType<Props> & { preload: () => void }

/**
 * Splits a part of a page off the first load. Where its code can't be fetched, the part says so
 * and can be tried again; the rest of the page stays.
 *
 * @param waiting stands in its place until the code is there
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode,
): LazyPart<Props> {
  const part = onDemand(load)

  function LazilyLoaded(props: Props) {
    const [Loaded, setLoaded] = useState(() => part.current)
    const [state, setState] = useState<'fetching' | 'failed'>('fetching')
    useEffect(() => {
      let isGone = false
      const settle = (then: () => void) => () => {
        if (!isGone) then()
      }
      if (!Loaded && state === 'fetching') {
        part.fetch().then(
          settle(() => setLoaded(() => part.current)),
          settle(() => setState('failed')),
        )
      }
      return () => {
        isGone = true
      }
    }, [Loaded, state])

    if (Loaded) return <Loaded {...props} />
    if (state === 'fetching') return waiting
    return (
      <p role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        This part of the page didn’t load.
        <Button size={28} onClick={() => setState('fetching')}>
          Try again
        </Button>
      </p>
    )
  }

  return Object.assign(LazilyLoaded, { preload: () => part.preload() })
}
