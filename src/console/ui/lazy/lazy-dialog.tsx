import { useEffect, useEffectEvent, useState, type ComponentType } from 'react'
import { Progress } from '../feedback/empty-and-error.tsx'
import { showToast } from '../overlays/toast-store.ts'
import { onDemand } from './on-demand.ts'

/** A dialog whose code is fetched when it first opens, or earlier by `preload`. */
export type LazyDialog<Props extends object> = ComponentType<
  Props & {
    /** The code could not be fetched; a toast has said so. The owner closes the dialog. */
    onLoadError: () => void
  }
> & { preload: () => void }

/**
 * Splits a dialog off the first load. Unlike `React.lazy` a failed fetch is tried again the
 * next time the dialog opens.
 */
export function lazyDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyDialog<Props> {
  const dialog = onDemand(load)

  function LazilyLoaded(props: Props & { onLoadError: () => void }) {
    const [Loaded, setLoaded] = useState(() => dialog.current)
    const giveUp = useEffectEvent(() => {
      showToast('danger', 'This dialog didn’t load. Check the connection and open it again.')
      props.onLoadError()
    })
    useEffect(() => {
      let isGone = false
      async function fetchIt(): Promise<void> {
        try {
          await dialog.fetch()
          if (!isGone) setLoaded(() => dialog.current)
        } catch {
          if (!isGone) giveUp()
        }
      }
      if (!dialog.current) void fetchIt()
      return () => {
        isGone = true
      }
    }, [])

    if (!Loaded) {
      return (
        <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center">
          <Progress>Loading</Progress>
        </div>
      )
    }
    return <Loaded {...props} />
  }

  return Object.assign(LazilyLoaded, { preload: () => dialog.preload() })
}
