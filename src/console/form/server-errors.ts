import type { FieldPath, FieldValues, UseFormSetError } from 'react-hook-form'
import type { ApiError } from '../api/api-error.ts'

/**
 * Puts the server's field errors at their fields, the focus on the first, and returns what is
 * left to say above the buttons: nothing when every error found its field, or where a dialog
 * asks to sign in again.
 */
export function placeServerErrors<Values extends FieldValues>(
  error: ApiError,
  fields: readonly FieldPath<Values>[],
  setError: UseFormSetError<Values>,
): string | undefined {
  if (error.isSignedOut) return undefined
  let placed = 0
  for (const { field, detail } of error.fieldErrors) {
    const path = fields.find((one) => one === field)
    if (!path) continue
    setError(path, { type: 'server', message: detail }, { shouldFocus: placed === 0 })
    placed += 1
  }
  return placed > 0 && placed === error.fieldErrors.length ? undefined : error.message
}
