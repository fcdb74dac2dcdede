import { PASSWORD_MAX, PASSWORD_MIN } from '../../contract/http/limits.ts'

/** What is said under a field for a new password. */
export const newPasswordHint = `At least ${PASSWORD_MIN} characters; a few random words make a good one.`

/** The rules of a new password, for `register` of react-hook-form. */
export const newPasswordRules = {
  required: `Use at least ${PASSWORD_MIN} characters.`,
  minLength: { value: PASSWORD_MIN, message: `Use at least ${PASSWORD_MIN} characters.` },
  maxLength: { value: PASSWORD_MAX, message: `Use at most ${PASSWORD_MAX} characters.` },
}
