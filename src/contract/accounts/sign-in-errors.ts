/**
 * Why OpenID sign-in failed, in the `?error=` of the sign-in page: the provider gave no response, or
 * it or the person denied access; the user name belongs to another user; or the response is invalid.
 */
export const signInErrors = ['unavailable', 'refused', 'nameTaken', 'failed'] as const
export type SignInError = (typeof signInErrors)[number]
