import { useEffect, useState, type ComponentType } from 'react'
import { Progress } from './states.tsx'
import { showToast } from './toast-store.ts'

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
  let fetched: ComponentType<Props> | undefined
  let fetching: Promise<void> | undefined

  function fetchOnce(): Promise<void> {
    fetching ??= load().then(
      (component) => {
        fetched = component
      },
      (error: unknown) => {
        fetching = undefined
        throw error
      },
    )
    return fetching
  }

  function LazilyLoaded({ onLoadError, ...props }: { onLoadError: () => void } & Props) {
    const [Loaded, setLoaded] = useState(() => fetched)
    useEffect(() => {
      if (Loaded) return
      let isGone = false
      fetchOnce().then(
        () => !isGone && setLoaded(() => fetched),
        () => {
          if (isGone) return
          showToast('danger', 'This dialog didn’t load. Check the connection and open it again.')
          onLoadError()
        },
      )
      return () => {
        isGone = true
      }
    }, [Loaded, onLoadError])

    if (!Loaded) {
      return (
        <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center">
          <Progress>Loading</Progress>
        </div>
      )
    }
    return <Loaded {...props} />
  }

  return Object.assign(LazilyLoaded, {
    preload: () => {
      fetchOnce().catch(() => undefined)
    },
  })
}
