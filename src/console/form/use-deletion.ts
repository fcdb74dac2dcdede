import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, type ApiError } from '../api/api-error.ts'
import { useResetOnSignIn } from '../api/use-reset-on-sign-in.ts'

/**
 * Deletes what people were shown, in the version they were shown. What changed meanwhile is not
 * deleted: `current` is then the current version, `hasChanged` is true, and `confirm` has to be pressed again.
 * What is gone already counts as deleted.
 */
export function useDeletion<Item>({
  shown,
  remove,
  load,
  onDeleted,
}: {
  /** What the dialog opened with; a later version of it goes unheeded. */
  shown: Item
  /** Deletes this version, and no other. */
  remove: (version: Item) => Promise<unknown>
  /** Loads the version of now. */
  load: () => Promise<Item>
  onDeleted: () => void
}): {
  current: Item
  hasChanged: boolean
  error: string | undefined
  isPending: boolean
  confirm: () => void
  /** Goes on with a version that people made themselves meanwhile. */
  continueWith: (version: Item) => void
} {
  const [current, setCurrent] = useState(shown)
  const [hasChanged, setHasChanged] = useState(false)

  /** The version that people have to see first, or undefined once there is none any more. */
  async function removeOrLoad(): Promise<Item | undefined> {
    try {
      await remove(current)
      return undefined
    } catch (thrown) {
      const failure = toApiError(thrown)
      if (failure.isNotFound) return undefined
      if (!failure.isStale) throw failure
      return load()
    }
  }

  const { mutate, error, isPending, reset } = useMutation<Item | undefined, ApiError>({
    mutationFn: removeOrLoad,
    onSuccess(version) {
      if (version === undefined) return onDeleted()
      setCurrent(version)
      setHasChanged(true)
    },
  })
  useResetOnSignIn({ error, reset })

  function continueWith(version: Item): void {
    setCurrent(version)
    setHasChanged(false)
  }

  return {
    current,
    hasChanged,
    error: error?.message,
    isPending,
    confirm: () => mutate(),
    continueWith,
  }
}
