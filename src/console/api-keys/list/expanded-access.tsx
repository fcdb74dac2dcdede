import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { lazyPart } from '../../ui/lazy/lazy-part.tsx'

/** The view of what a key may call, fetched with the first row that is expanded. */
export const ExpandedAccess = lazyPart(
  async () => (await import('../parts/access-view.tsx')).AccessView,
  <Skeleton className="h-4 w-64" />,
)
