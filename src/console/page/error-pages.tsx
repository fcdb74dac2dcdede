import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass, Button } from '../ui/buttons/button.tsx'
import { EmptyState } from '../ui/feedback/empty-and-error.tsx'
import { PageTitle } from './page-title.tsx'

/** A page that says what went wrong, with a link to the deployments. */
export function ErrorPage({
  pageTitle,
  title,
  children,
}: {
  pageTitle: string
  title: string
  children: ReactNode
}) {
  return (
    <>
      <PageTitle>{pageTitle}</PageTitle>
      <EmptyState
        icon={<Compass className="size-5" />}
        title={title}
        titleAs="h1"
        className="py-24"
        action={
          <Link to="/deployments" className={buttonClass()}>
            Go to Deployments
          </Link>
        }
      >
        {children}
      </EmptyState>
    </>
  )
}

/** The page for an unknown address (404). */
export function NotFoundPage() {
  return (
    <ErrorPage pageTitle="Not found" title="There is nothing at this address">
      The page was moved or the address has a typo.
    </ErrorPage>
  )
}

/** A page that broke while it was drawn: a mistake of ours, with two ways out. */
export function BrokenPage({ error }: ErrorComponentProps) {
  return (
    <div role="alert" className="mx-auto max-w-lg py-24">
      <PageTitle>Broken page</PageTitle>
      <h1 className="text-xl">This page broke</h1>
      <p className="mt-2 text-muted">
        Nothing you saved is lost. Loading it again may help; if it breaks again, report it with
        these words:
      </p>
      <pre className="mt-4 overflow-x-auto rounded-sm border border-line bg-panel p-3 font-mono text-sm whitespace-pre-wrap">
        {error instanceof Error ? error.message : String(error)}
      </pre>
      <div className="mt-4 flex gap-2">
        <Button variant="primary" onClick={() => window.location.reload()}>
          Load it again
        </Button>
        <a href={import.meta.env.BASE_URL} className={buttonClass()}>
          Go to Deployments
        </a>
      </div>
    </div>
  )
}
