import { useState, type ComponentType, type FunctionComponent } from 'react'
import { ErrorState } from '../ui/feedback/empty-and-error.tsx'
import { onDemand } from '../ui/lazy/on-demand.ts'
import { PageTitle } from './page-title.tsx'

/** A page whose code is fetched by `preload`, which the router waits for before it shows it. */
type LazyPage = FunctionComponent & { preload: () => Promise<void> }

/**
 * Splits a page off the first load. Where its code can't be fetched, the page says so in its
 * place and can be tried again; the router's own `lazyRouteComponent` loads the whole console
 * again, which is lost where the server is away.
 */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  const page = onDemand(load)

  function LazilyLoaded() {
    const [isRetrying, setIsRetrying] = useState(false)

    async function retry(): Promise<void> {
      setIsRetrying(true)
      try {
        await page.fetch()
      } catch {
        // A server that answers has a newer version, or the browser remembers the failure.
        if (await hasAnswer()) window.location.reload()
      }
      setIsRetrying(false)
    }

    const Page = page.current
    if (Page) return <Page />
    return (
      <>
        <PageTitle>Not loaded</PageTitle>
        <ErrorState
          title="The page didn’t load"
          titleAs="h1"
          detail="Latchkey can’t be reached, or was updated since you opened it. Check that it runs and the network is up."
          retrying={isRetrying}
          onRetry={() => void retry()}
          className="py-24"
        />
      </>
    )
  }

  return Object.assign(LazilyLoaded, {
    preload: async () => {
      if (!page.current) await page.fetch().catch(() => undefined)
    },
  })
}

async function hasAnswer(): Promise<boolean> {
  try {
    return (await fetch(import.meta.env.BASE_URL, { cache: 'no-store' })).ok
  } catch {
    return false
  }
}
