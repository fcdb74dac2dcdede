import { useApiMutation } from '../../api/mutation.ts'
import type { MutationName, RouteOutput } from '../../api/route-types.ts'
import { keyQueries } from '../data/invalidated-queries.ts'

/**
 * Changes one key in the version that a dialog shows. `error` is the text that the dialog has to
 * show: `staleText` if someone else changed the key meanwhile.
 */
export function useKeyChange<Name extends MutationName>(
  name: Name,
  { staleText, onSuccess }: { staleText: string; onSuccess: (answer: RouteOutput<Name>) => void },
) {
  const { mutate, error, isPending } = useApiMutation(name, {
    errorIn: 'dialog',
    invalidates: keyQueries,
    onSuccess,
  })
  return { mutate, isPending, error: error?.isStale ? staleText : error?.message }
}
