import { get, type FieldPath, type FieldValues, type UseFormReturn } from 'react-hook-form'
import type { ApiError } from '../api/api-error.ts'

/** Puts the server's field errors at their fields and focuses the first of them. */
export function placeFieldErrors<Values extends FieldValues>(
  { fieldErrors }: ApiError,
  { getValues, setError }: Pick<UseFormReturn<Values>, 'getValues' | 'setError'>,
): void {
  const values = getValues()
  const placed = fieldErrors.flatMap(({ field, detail }) =>
    isFieldPath(values, field) ? [{ field, detail }] : [],
  )
  for (const [at, { field, detail }] of placed.entries()) {
    setError(field, { type: 'server', message: detail }, { shouldFocus: at === 0 })
  }
}

/**
 * What is left to say of a failure beside its field errors; undefined where each has its field,
 * or where the session has ended, since a dialog asks to sign in again then.
 */
export function unplacedMessage(error: ApiError, values: FieldValues): string | undefined {
  const { fieldErrors, isSignedOut, message } = error
  if (isSignedOut) return undefined
  const areAllPlaced = fieldErrors.every(({ field }) => isFieldPath(values, field))
  return fieldErrors.length > 0 && areAllPlaced ? undefined : message
}

function isFieldPath<Values extends FieldValues>(
  values: Values,
  path: string,
): path is FieldPath<Values> {
  return typeof get(values, path) === 'string'
}
