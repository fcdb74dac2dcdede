import { queryOptions, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { apiQuery } from '../../api/query.ts'
import { ErrorState } from '../../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { FiguresSkeleton, FiguresStrip } from './figures-strip.tsx'

const POLL = 2000

/** The live figures' query; it rests while the window is hidden. */
export function figuresQuery(deploymentId: string) {
  const query = apiQuery('getFigures', { params: { deploymentId } })
  return queryOptions({
    ...query,
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}

/** The live figures of a deployment, every two seconds. */
export function LiveFigures({ deploymentId }: { deploymentId: string }) {
  const figures = useQuery(figuresQuery(deploymentId))
  const { error, refetch } = figures
  const data = useDeferredValue(figures.data)
  if (data) {
    return (
      <>
        <FiguresStrip figures={data} />
        {error && (
          <InlineMessage tone="warn" className="mt-2">
            These figures stand still. {error.message}
          </InlineMessage>
        )}
      </>
    )
  }
  if (!error) return <FiguresSkeleton />
  return (
    <div className="rounded-md border border-line bg-panel">
      <ErrorState
        title="The figures didn’t load"
        detail={error.message}
        retrying={figures.isFetching}
        onRetry={() => void refetch()}
        className="!py-6"
      />
    </div>
  )
}
