import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Logo } from '../page/logo.tsx'
import { PageTitle } from '../page/page-title.tsx'
import { ThemeSwitch } from '../page/theme-switch.tsx'
import { ErrorState, Progress } from '../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { openIdErrorText } from './openid-errors.ts'
import { validateSignInSearch } from './search-params.ts'
import { signInOptionsQuery } from './session-query.ts'
import { SignInForm } from './sign-in-form.tsx'

const route = getRouteApi('/sign-in')

/** Where people sign in, and come back to when they signed out. */
export function SignInPage() {
  // The router leaves in what the check has left out.
  const { next, error: code } = validateSignInSearch(route.useSearch())
  const { history } = useRouter()
  const options = useQuery(signInOptionsQuery)
  const { data, error, refetch } = options

  return (
    <main
      id="main"
      tabIndex={-1}
      className="flex min-h-[calc(100dvh-var(--host-bar,0px))] flex-col items-center px-4 pt-[max(2rem,14dvh)] pb-6 outline-none"
    >
      <PageTitle>Sign in</PageTitle>
      <Logo className="size-10 flex-none" />
      <h1 className="mt-4 text-xl">Sign in to Latchkey</h1>
      <div className="mt-6 w-full max-w-[22rem] rounded-lg border border-line bg-panel p-5">
        {data ? (
          <SignInForm
            options={data}
            notice={
              code !== undefined && (
                <InlineMessage tone="danger">{openIdErrorText(code)}</InlineMessage>
              )
            }
            onSignedIn={() => history.replace(next ?? '/deployments')}
          />
        ) : error ? (
          <ErrorState
            title="Nobody can sign in right now"
            detail={error.message}
            retrying={options.isFetching}
            onRetry={() => void refetch()}
            className="!px-0 !py-6"
          />
        ) : (
          <div className="grid h-44 place-items-center">
            <Progress>Loading</Progress>
          </div>
        )}
      </div>
      {data?.password && (
        <p className="mt-4 max-w-[20rem] text-center text-sm text-pretty text-muted">
          Just installed? Sign in as <code className="font-mono">admin</code> with the password that
          was printed once, at the first start.
        </p>
      )}
      <div className="mt-auto pt-8">
        <ThemeSwitch />
      </div>
    </main>
  )
}
