import { useEffect, useState, type ComponentType } from 'react'
import type { OnDemand } from './on-demand.ts'

/**
 * Loads a component when it first renders. `Loaded` is the component once its code is there;
 * after a failure, `retry` loads it again.
 */
export function useOnDemand<Props extends object>(
  component: OnDemand<Props>,
): { Loaded: ComponentType<Props> | undefined; hasFailed: boolean; retry: () => void } {
  const [Loaded, setLoaded] = useState(() => component.current)
  const [hasFailed, setHasFailed] = useState(false)

  useEffect(() => {
    if (Loaded || hasFailed) return undefined
    let isUnmounted = false
    async function load(): Promise<void> {
      try {
        await component.fetch()
        if (!isUnmounted) setLoaded(() => component.current)
      } catch {
        if (!isUnmounted) setHasFailed(true)
      }
    }
    void load()
    return () => {
      isUnmounted = true
    }
  }, [component, Loaded, hasFailed])

  return { Loaded, hasFailed, retry: () => setHasFailed(false) }
}
