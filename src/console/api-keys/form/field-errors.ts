import type { ApiError } from '../../api/api-error.ts'

const fields = ['note', 'expiresAt', 'allowedAddresses'] as const
export type FormField = (typeof fields)[number]

/** What the server refused of a field; of a list, whichever entry it is about. */
export function fieldError(error: ApiError | null | undefined, name: FormField) {
  return error?.fieldErrors.find(({ field }) => field === name || field.startsWith(`${name}.`))
    ?.detail
}

/** The first field of the form that a refusal is about. */
export function firstFieldWithError(error: ApiError | null | undefined): FormField | undefined {
  return fields.find((name) => fieldError(error, name) !== undefined)
}
