import type { ComponentType } from 'react'

/** A component whose code is fetched when it is wanted. */
export type OnDemand<Props extends object> = {
  /** The component, once its code is there. */
  readonly current: ComponentType<Props> | undefined
  /** Rejects where the code can't be had; the next time, it is tried again. */
  fetch(): Promise<void>
  /** Fetches it if it can be had, for later. */
  preload(): void
}

/** Splits a component off the first load. Unlike with `React.lazy`, a failed fetch isn't final. */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): OnDemand<Props> {
  let current: ComponentType<Props> | undefined
  let fetching: Promise<void> | undefined

  async function fetchAnew(): Promise<void> {
    try {
      current = await load()
    } finally {
      fetching = undefined
    }
  }

  return {
    get current() {
      return current
    },
    fetch() {
      fetching ??= fetchAnew()
      return fetching
    },
    preload() {
      if (!current) this.fetch().catch(() => undefined)
    },
  }
}
