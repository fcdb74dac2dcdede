import { useQueryClient } from '@tanstack/react-query'
import { LogIn } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import type { Session, SignInOptions } from '../../contract/accounts/schemas.ts'
import type { ApiError } from '../api/api-error.ts'
import { routeUrl } from '../api/client.ts'
import { useApiMutation } from '../api/mutation.ts'
import { Button, buttonClass } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { TextField } from '../ui/fields/field.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { sessionQuery } from './session-query.ts'
import { useWait, waitText } from './use-wait.ts'

const WAIT_IF_UNTOLD = 30

/** User name and password, and the way through the OpenID provider where there is one. */
export function SignInForm({
  options,
  knownUsername,
  openIdElsewhere = false,
  notice,
  onSignedIn,
}: {
  options: SignInOptions
  /** Who is expected; only the password is asked for then. */
  knownUsername?: string
  /** Sign in through the provider in a window of its own, so that this page stays. */
  openIdElsewhere?: boolean
  /** What is to be said before anything was tried. */
  notice?: ReactNode
  onSignedIn: (session: Session) => void
}) {
  const client = useQueryClient()
  const [entry, setEntry] = useState({ username: knownUsername ?? '', password: '' })
  const [missing, setMissing] = useState<'username' | 'password'>()
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const wait = useWait()
  const signIn = useApiMutation('createSession', {
    errorIn: 'form',
    invalidates: [],
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session)
      onSignedIn(session)
    },
  })

  function change(field: keyof typeof entry, text: string): void {
    setEntry({ ...entry, [field]: text })
    setMissing(undefined)
  }

  function refused(error: ApiError): void {
    if (error.status === 429) wait.start(error.retryAfter ?? WAIT_IF_UNTOLD)
    passwordField.current?.focus()
    passwordField.current?.select()
  }

  function submit(): void {
    if (signIn.isPending || wait.left > 0) return
    const username = entry.username.trim()
    if (username === '') {
      setMissing('username')
      return nameField.current?.focus()
    }
    if (entry.password === '') {
      setMissing('password')
      return passwordField.current?.focus()
    }
    signIn.mutate({ body: { username, password: entry.password } }, { onError: refused })
  }

  const { openId } = options
  return (
    <div className="space-y-4">
      <Outcome error={signIn.error} left={wait.left} notice={notice} />
      {options.password && (
        <form
          noValidate
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <TextField
            ref={nameField}
            label="User name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            // Signing in is all there is to do here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={knownUsername === undefined}
            readOnly={knownUsername !== undefined}
            value={entry.username}
            error={missing === 'username' ? 'Type your user name.' : undefined}
            onChange={(event) => change('username', event.target.value)}
          />
          <PasswordField
            ref={passwordField}
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={knownUsername !== undefined}
            value={entry.password}
            error={missing === 'password' ? 'Type your password.' : undefined}
            onChange={(event) => change('password', event.target.value)}
          />
          <Button
            type="submit"
            variant="primary"
            className="w-full"
            loading={signIn.isPending}
            disabledReason={wait.left > 0 ? 'Wait until the time is over' : undefined}
          >
            Sign in
          </Button>
        </form>
      )}
      {options.password && openId && (
        <div className="flex items-center gap-3 text-sm text-muted">
          <span className="h-px flex-1 bg-line" />
          or
          <span className="h-px flex-1 bg-line" />
        </div>
      )}
      {openId && (
        <a
          href={routeUrl('startOpenId', {})}
          className={buttonClass('secondary', 32, 'w-full')}
          {...(openIdElsewhere && { target: '_blank', rel: 'noopener' })}
        >
          <LogIn className="size-4" />
          Continue with {openId.name}
        </a>
      )}
    </div>
  )
}

function Outcome({
  error,
  left,
  notice,
}: {
  error: ApiError | null
  left: number
  notice: ReactNode
}) {
  if (left > 0) {
    return (
      <InlineMessage tone="warn">
        {/* Said once: a countdown read out each second would be heard as nothing else. */}
        <span role="alert" className="sr-only">
          Too many tries. Wait before you try again.
        </span>
        <span aria-hidden className="tabular-nums">
          Too many tries. You can go on in {waitText(left)}.
        </span>
      </InlineMessage>
    )
  }
  if (!error) return notice
  // The wait is over.
  if (error.status === 429) return null
  return (
    <InlineMessage tone="danger">
      {error.isSignedOut
        ? 'User name or password is wrong. Check both, and whether Caps Lock is on.'
        : error.message}
    </InlineMessage>
  )
}
