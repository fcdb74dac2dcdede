import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { lazyPart } from '../../ui/lazy/lazy-part.tsx'

/** The view of what a key may call; its code loads with the first expanded row. */
export const ExpandedAccess = lazyPart(
  async () => (await import('../parts/access-view.tsx')).AccessView,
  <Skeleton className="h-4 w-64" />,
)
