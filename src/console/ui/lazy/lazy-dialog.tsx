import { useEffect, useEffectEvent, type ComponentType } from 'react'
import { Progress } from '../feedback/empty-and-error.tsx'
import { showToast } from '../overlays/toast-store.ts'
import { onDemand } from './on-demand.ts'
import { useOnDemand } from './use-on-demand.ts'

/** A lazily loaded dialog: its code is loaded when it first opens, or earlier by `preload`. */
export type LazyDialog<Props extends object> = ComponentType<
  Props & {
    /** Called if the code can't be loaded, after a toast; the owner closes the dialog. */
    onLoadError: () => void
  }
> & { preload: () => void }

/**
 * Loads a dialog lazily. Unlike with `React.lazy`, a failed load is retried the next time the
 * dialog opens.
 */
export function lazyDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyDialog<Props> {
  const dialog = onDemand(load)

  function LazilyLoaded(props: Props & { onLoadError: () => void }) {
    const { Loaded, hasFailed } = useOnDemand(dialog)
    const giveUp = useEffectEvent(() => {
      showToast('danger', 'This dialog didn’t load. Check the connection and open it again.')
      props.onLoadError()
    })
    useEffect(() => {
      if (hasFailed) giveUp()
    }, [hasFailed])

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
