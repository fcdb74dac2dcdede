import { Link } from '@tanstack/react-router'
import { ChevronRight, ShieldX } from 'lucide-react'
import type { ActivityEntry } from '../../contract/activity/schemas.ts'
import { IconButton } from '../ui/buttons/button.tsx'
import { Badge } from '../ui/feedback/badge.tsx'
import { cx } from '../ui/text/cx.ts'
import { describe } from './describe.ts'

/** Opens and closes what an entry changed. */
export function ChangesButton({
  entry,
  isOpen,
  onToggle,
}: {
  entry: ActivityEntry
  isOpen: boolean
  onToggle: () => void
}) {
  const { before, name } = describe(entry)
  return (
    <IconButton
      label={`Changes: ${[entry.actor.name, before, name].filter(Boolean).join(' ')}`}
      aria-expanded={isOpen}
      aria-controls={changesId(entry)}
      icon={<ChevronRight className={cx('size-4 transition-transform', isOpen && 'rotate-90')} />}
      onClick={onToggle}
    />
  )
}

/** The id of the element that shows an entry's changes. */
export function changesId({ id }: ActivityEntry): string {
  return `changes-${id}`
}

/** Who did it: a person, a token, the server itself, or nobody that is known. */
export function Actor({ entry: { actor } }: { entry: ActivityEntry }) {
  if (actor.kind === 'nobody') return <span className="text-muted">Not signed in</span>
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 wrap-anywhere">
      {actor.name}
      {actor.kind === 'token' && <Badge>Token</Badge>}
    </span>
  )
}

/** What was done, as the rest of a sentence that begins with who. */
export function Deed({ entry }: { entry: ActivityEntry }) {
  const { before, name, isCode, after, note, tone } = describe(entry)
  return (
    <span className="wrap-anywhere">
      {tone === 'refused' && (
        <ShieldX aria-hidden className="mr-1.5 inline size-4 align-[-0.1875rem] text-danger-ink" />
      )}
      {before}
      {name !== '' && (
        <>
          {' '}
          <span className={isCode ? 'font-mono text-sm/5' : 'font-[550]'}>{name}</span>
        </>
      )}
      {after !== '' && <span className="tabular-nums"> {after}</span>}
      {note !== '' && <span className="text-muted"> · {note}</span>}
    </span>
  )
}

/** The deployment it was in; a link also where it has gone since, to a page that says so. */
export function DeploymentName({ entry: { deployment } }: { entry: ActivityEntry }) {
  if (!deployment) return <span className="text-muted">—</span>
  return (
    <Link
      to="/deployments/$deploymentId"
      params={{ deploymentId: deployment.id }}
      className="rounded-xs hover:underline"
    >
      {deployment.name}
    </Link>
  )
}
