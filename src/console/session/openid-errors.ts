import { signInErrors, type SignInError } from '../../contract/accounts/sign-in-errors.ts'

const texts: Readonly<Record<SignInError, string>> = {
  unavailable:
    'Your sign-in provider gave no answer. Try again later, or sign in with a password if you have one.',
  refused: 'You were not let in by your sign-in provider. Try again, or ask an administrator.',
  nameTaken:
    'Your name at the provider is the name of another user here. Ask an administrator to sort it out.',
  failed: 'The answer of your sign-in provider failed a check. Try again from this page.',
}

/** What the end of signing in through the OpenID provider means, by the code in the address. */
export function openIdErrorText(code: string): string {
  const known = signInErrors.find((one) => one === code)
  return texts[known ?? 'failed']
}
