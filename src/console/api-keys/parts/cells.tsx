import { ChevronRight, ShieldAlert } from 'lucide-react'
import { summarizeAccess } from '../../../contract/access/summary.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { IconButton } from '../../ui/buttons/button.tsx'
import { Badge, StatusDot } from '../../ui/feedback/badge.tsx'
import { Hint } from '../../ui/overlays/tooltip.tsx'
import { cx } from '../../ui/text/cx.ts'
import {
  formatAgo,
  formatDate,
  formatLeft,
  formatMoment,
  formatQuantity,
} from '../../ui/text/format.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import { MethodBar } from './method-bar.tsx'

const LEGACY_REASON =
  'Made before API keys had notes, permissions and a creation time. Replace it to have them.'

/** Expands and collapses the view of what a key may call. */
export function ExpandButton({
  appId,
  expanded,
  controls,
  onToggle,
}: {
  appId: string
  expanded: boolean
  controls: string
  onToggle: () => void
}) {
  return (
    <IconButton
      label={`View access of ${appId}`}
      aria-expanded={expanded}
      aria-controls={controls}
      icon={<ChevronRight className={cx('size-4 transition-transform', expanded && 'rotate-90')} />}
      onClick={onToggle}
    />
  )
}

/** A key's access in one line. */
export function AccessCell({
  apiKey: { access },
  catalog,
}: {
  apiKey: ApiKey
  catalog: CatalogView | undefined
}) {
  if (access.mode === 'full') {
    return (
      <Badge tone="warn" icon={<ShieldAlert className="size-3" />}>
        Full access
      </Badge>
    )
  }
  if (!catalog) return <>{formatQuantity(access.operations.length, 'endpoint')}</>
  const { granted, total, byMethod, retired } = summarizeAccess(access, catalog)
  return (
    <span className="inline-flex items-center gap-2.5 whitespace-nowrap tabular-nums">
      <span className="text-muted">
        <span className="text-ink">{granted}</span> of {total} endpoints
      </span>
      {byMethod.length > 0 && <MethodBar byMethod={byMethod} />}
      {retired.length > 0 && <Badge>{retired.length} retired</Badge>}
    </span>
  )
}

/** A key's note; only two lines of it with `brief`. */
export function NoteText({
  apiKey: { note, legacy },
  brief = false,
}: {
  apiKey: ApiKey
  brief?: boolean
}) {
  if (note !== '') return <span className={cx(brief && 'line-clamp-2')}>{note}</span>
  return legacy ? <Hint reason={LEGACY_REASON}>—</Hint> : <span className="text-muted">—</span>
}

/** When the key was created; legacy keys have no such time. */
export function CreatedText({ apiKey: { createdAt } }: { apiKey: ApiKey }) {
  if (createdAt === null) return <Hint reason={LEGACY_REASON}>—</Hint>
  return (
    <time dateTime={createdAt} title={formatMoment(createdAt)}>
      {formatDate(createdAt)}
    </time>
  )
}

const NOT_RECORDED =
  'This key may have been used before uses were recorded. Its next call shows here.'

/** When a call with the key was last allowed; a hint has time, operation and address. */
export function LastUsedText({ apiKey: { lastUse }, now }: { apiKey: ApiKey; now: number }) {
  if (lastUse.kind === 'never') return <span className="text-muted">Never used</span>
  if (lastUse.kind === 'notRecorded') return <Hint reason={NOT_RECORDED}>Not recorded</Hint>
  const { at, operation, address } = lastUse
  const from = address === null ? '' : ` from ${address}`
  return (
    <Hint quiet reason={`${formatMoment(at)}, ${operation}${from}`}>
      <time dateTime={at}>{formatAgo(at, now)}</time>
    </Hint>
  )
}

const EXPIRES_SOON_MS = 14 * 86_400_000

/** The key's status; warns from two weeks before it expires. */
export function StatusText({
  apiKey: { status, expiresAt },
  now,
}: {
  apiKey: ApiKey
  now: number
}) {
  if (status === 'disabled') return <StatusDot tone="off">Disabled</StatusDot>
  if (expiresAt === null) return <StatusDot tone="ok">Active</StatusDot>
  const { tone, text } =
    status === 'expired'
      ? ({ tone: 'danger', text: 'Expired' } as const)
      : Date.parse(expiresAt) - now > EXPIRES_SOON_MS
        ? ({ tone: 'ok', text: 'Active' } as const)
        : ({ tone: 'warn', text: `Expires in ${formatLeft(expiresAt, now)}` } as const)
  const when = `${status === 'expired' ? 'Expired' : 'Expires'} ${formatMoment(expiresAt)}`
  return (
    <StatusDot tone={tone}>
      <Hint quiet reason={when}>
        {text}
      </Hint>
    </StatusDot>
  )
}
