import type { ApiError } from '../../api/api-error.ts'

const fields = ['note', 'expiresAt', 'allowedAddresses'] as const
/** A field that the server can reject. */
export type FormField = (typeof fields)[number]

/** The server's error for a field, or for an entry of a list field. */
export function fieldError(error: ApiError | null | undefined, name: FormField) {
  return error?.fieldErrors.find(({ field }) => field === name || field.startsWith(`${name}.`))
    ?.detail
}

/** The first field, in the order of the form, that the server rejected. */
export function firstFieldWithError(error: ApiError | null | undefined): FormField | undefined {
  return fields.find((name) => fieldError(error, name) !== undefined)
}
