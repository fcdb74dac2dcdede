import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Session } from '../../contract/accounts/schemas.ts'
import { ErrorState, Progress } from '../ui/feedback/empty-and-error.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { sessionQuery, signInOptionsQuery } from './session-query.ts'
import { SignInForm } from './sign-in-form.tsx'

/**
 * Stands over the work of someone whose session ended. The page below stays as it is, with
 * what was typed; once they are in again, here or in another window, work goes on.
 */
export function SignInAgain({ session }: { session: Session }) {
  const client = useQueryClient()
  const options = useQuery(signInOptionsQuery)
  const { data, error, refetch } = options

  useEffect(() => {
    // The browser's top layer would keep an open menu above the dialog.
    for (const popover of document.querySelectorAll<HTMLElement>('[popover]:popover-open')) {
      popover.hidePopover()
    }
    const look = () => {
      if (document.visibilityState === 'visible') {
        void client.refetchQueries({ queryKey: sessionQuery.queryKey })
      }
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      // Someone is in again: what was refused meanwhile is asked for anew.
      void client.invalidateQueries()
    }
  }, [client])

  return (
    <Dialog
      title="Sign in again"
      subtitle="Your session has ended. What you were doing is still here."
      size="sm"
      closeButton={false}
      overDialogs
      // There is nothing behind it that could go on without.
      onRequestClose={() => undefined}
    >
      {data ? (
        <>
          <SignInForm
            options={data}
            {...(session.hasPassword && { knownUsername: session.name })}
            openIdElsewhere
            onSignedIn={() => undefined}
          />
          <p className="mt-4 text-center text-sm text-muted">
            Not {session.name}? {/* Loads anew: nothing of this session may stay for the next. */}
            <a
              href={`${import.meta.env.BASE_URL}sign-in`}
              className="rounded-xs text-accent-ink hover:underline"
            >
              Leave this page and sign in
            </a>
          </p>
        </>
      ) : error ? (
        <ErrorState
          title="Nobody can sign in right now"
          detail={error.message}
          retrying={options.isFetching}
          onRetry={() => void refetch()}
          className="!px-0 !py-4"
        />
      ) : (
        <div className="grid h-44 place-items-center">
          <Progress>Loading</Progress>
        </div>
      )}
    </Dialog>
  )
}
