import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Activity, Braces, Server, SquareTerminal, Users } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import type { Session } from '../../contract/accounts/schemas.ts'
import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import { sessionHasEnded, subscribeToSessionState } from '../api/session-state.ts'
import { Logo } from '../page/logo.tsx'
import { ThemeSwitch } from '../page/theme-switch.tsx'
import { AccountMenu } from '../session/account-menu.tsx'
import { sessionQuery } from '../session/session-query.ts'
import { ErrorState } from '../ui/feedback/empty-and-error.tsx'
import { lazyDialog } from '../ui/lazy/lazy-dialog.tsx'

const SignInAgain = lazyDialog(
  async () => (await import('../session/sign-in-again.tsx')).SignInAgain,
)

const pages = [
  { to: '/deployments', label: 'Deployments', icon: Server },
  { to: '/activity', label: 'Activity', icon: Activity },
  { to: '/users', label: 'Users', icon: Users },
  { to: '/tokens', label: 'Automation tokens', icon: SquareTerminal },
] as const

/**
 * What stands around every page: a sidebar, or a bar on top where the window is narrow. A host
 * that has a bar of its own above gives its height as `--host-bar`.
 */
export function Shell() {
  const { data: session } = useQuery(sessionQuery)
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-70 -translate-y-16 rounded-sm bg-accent px-3 py-1.5 font-[550] text-on-accent focus-visible:translate-y-0"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        Skip to content
      </a>
      {/* Isolated: browsers paint the page again with whatever changes in a dialog otherwise. */}
      <div className="isolate min-h-[calc(100dvh-var(--host-bar,0px))] xl:grid xl:grid-cols-[13.5rem_minmax(0,1fr)]">
        <header className="top-(--host-bar,0px) z-30 flex flex-wrap items-center gap-x-2 border-b border-line bg-panel px-4 sm:px-6 md:sticky md:h-13 md:flex-nowrap lg:px-8 xl:h-[calc(100dvh-var(--host-bar,0px))] xl:flex-col xl:items-stretch xl:border-r xl:border-b-0 xl:px-2 xl:py-4">
          <Link
            to="/deployments"
            className="flex h-13 items-center gap-2 rounded-sm md:h-auto xl:mx-2 xl:mb-5"
            aria-label="Latchkey"
          >
            <Logo className="size-[1.375rem] flex-none" />
            <span className="text-lg font-semibold md:max-lg:sr-only">Latchkey</span>
          </Link>
          <Pages />
          <div className="ml-auto flex items-center gap-2 xl:mt-auto xl:ml-0 xl:flex-col xl:items-stretch xl:gap-3">
            <a
              href={`${MANAGEMENT_BASE}/openapi.json`}
              className="flex h-8 items-center gap-2.5 rounded-sm px-2 text-muted hover:bg-hover hover:text-ink xl:px-2.5"
            >
              <Braces className="size-4" />
              <span className="max-xl:sr-only">OpenAPI document</span>
            </a>
            <div className="xl:px-2">
              <ThemeSwitch />
            </div>
            {session && (
              <div className="xl:-mb-1 xl:border-t xl:border-line-soft xl:pt-3">
                <AccountMenu session={session} />
              </div>
            )}
          </div>
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="min-w-0 px-4 pt-5 pb-16 outline-none sm:px-6 lg:px-8 xl:pt-6"
        >
          <div className="mx-auto max-w-[80rem]">{session ? <Outlet /> : <NoSession />}</div>
        </main>
      </div>
      {session && <SessionEnd session={session} />}
    </>
  )
}

function Pages(): ReactNode {
  return (
    <nav
      aria-label="Main"
      className="-mx-2 flex flex-wrap max-md:order-last max-md:basis-full max-md:pb-2 md:ml-2 xl:mx-0 xl:flex-col xl:gap-0.5"
    >
      {pages.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex h-8 items-center gap-2.5 rounded-sm px-2 whitespace-nowrap text-muted hover:bg-hover hover:text-ink data-[status=active]:font-[550] data-[status=active]:text-ink xl:px-2.5 xl:data-[status=active]:bg-selected"
        >
          <Icon className="size-4 max-xl:hidden" />
          {label}
        </Link>
      ))}
    </nav>
  )
}

/** Nobody knows yet who is signed in, since that didn't load. */
function NoSession() {
  const session = useQuery(sessionQuery)
  const { error, refetch } = session
  const navigate = useNavigate()

  async function retry(): Promise<void> {
    const answer = await refetch()
    if (answer.error?.isSignedOut) await navigate({ to: '/sign-in' })
  }

  if (!error) return null
  return (
    <ErrorState
      title="Latchkey didn’t load"
      titleAs="h1"
      detail={error.message}
      retrying={session.isFetching}
      onRetry={() => void retry()}
      className="py-24"
    />
  )
}

/** Asks to sign in again where a session ends in the middle of work. */
function SessionEnd({ session }: { session: Session }) {
  const hasEnded = useSyncExternalStore(subscribeToSessionState, sessionHasEnded)
  return hasEnded && <SignInAgain session={session} onLoadError={() => undefined} />
}
