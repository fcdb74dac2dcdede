import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { errorOfThrown, type ApiError } from '../api/api-error.ts'
import { invalidate } from '../api/query.ts'
import type { QueryName } from '../api/route-types.ts'

/**
 * Deletes what people were shown, in the version they were shown. What changed meanwhile is not
 * deleted: `current` is then the version of now, `hasChanged` says so, and `confirm` asks anew.
 * What is gone already counts as deleted.
 */
export function useDeletion<Item>({
  shown,
  remove,
  load,
  invalidates,
  onDeleted,
}: {
  /** What the dialog opened with; a later version of it goes unheeded. */
  shown: Item
  /** Deletes this version, and no other. */
  remove: (version: Item) => Promise<unknown>
  /** Loads the version of now. */
  load: () => Promise<Item>
  /** What the deletion outdates. */
  invalidates: readonly QueryName[]
  onDeleted: () => void
}): {
  current: Item
  hasChanged: boolean
  error: string | undefined
  isPending: boolean
  confirm: () => void
} {
  const client = useQueryClient()
  const [current, setCurrent] = useState(shown)
  const [hasChanged, setHasChanged] = useState(false)

  /** The version that people have to see first, or undefined once there is none any more. */
  async function removeOrLoad(): Promise<Item | undefined> {
    try {
      await remove(current)
      return undefined
    } catch (thrown) {
      if (!errorOfThrown(thrown).isStale) throw thrown
      return load()
    }
  }

  async function removeForGood(): Promise<Item | undefined> {
    try {
      return await removeOrLoad()
    } catch (thrown) {
      const failure = errorOfThrown(thrown)
      if (failure.isNotFound) return undefined
      throw failure
    }
  }

  const { mutate, error, isPending } = useMutation<Item | undefined, ApiError>({
    mutationFn: removeForGood,
    onSuccess(version) {
      if (version !== undefined) {
        setCurrent(version)
        setHasChanged(true)
        return
      }
      onDeleted()
      // Not awaited: the deletion is done, whatever becomes of loading the lists again.
      void invalidate(client, ...invalidates)
    },
  })

  return { current, hasChanged, error: error?.message, isPending, confirm: () => mutate() }
}
