/**
 * Why OpenID sign-in ended without a session, as the sign-in page gets it in `?error=`: the
 * provider gave no answer, or it (or the person there) refused; the user name it gave is
 * another user's; or its answer failed a check.
 */
export const signInErrors = ['unavailable', 'refused', 'nameTaken', 'failed'] as const
export type SignInError = (typeof signInErrors)[number]
