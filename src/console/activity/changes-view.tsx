import { ArrowRight } from 'lucide-react'
import { diffOperations } from '../../contract/access/summary.ts'
import { roles } from '../../contract/accounts/roles.ts'
import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'
import { roleNames } from '../people/role-names.ts'
import { MethodBadge } from '../ui/feedback/badge.tsx'
import { formatMoment } from '../ui/text/format.ts'
import { entryDetails, fieldLabels } from './describe.ts'

/** What an entry changed, field by field, from before to after. */
export function ChangesView({ entry }: { entry: ActivityEntry }) {
  const { action } = entry
  // Of what was made there is nothing before, of what was deleted nothing after.
  const hasOneSide = action.endsWith('.create') || action.endsWith('.delete')
  return (
    <dl className="grid max-w-3xl gap-x-6 gap-y-2 sm:grid-cols-[7rem_minmax(0,1fr)]">
      {entryDetails(entry).map((change) => (
        <div key={change.field} className="sm:contents">
          <dt className="text-muted">{fieldLabels[change.field] ?? change.field}</dt>
          <dd className="min-w-0 wrap-anywhere">
            <Change change={change} hasOneSide={hasOneSide} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Change({
  change: { field, before, after },
  hasOneSide,
}: {
  change: ActivityChange
  hasOneSide: boolean
}) {
  if (field === 'access' && Array.isArray(before) && Array.isArray(after))
    return <Difference from={before} to={after} />
  if (hasOneSide) return <Value field={field} value={after ?? before} />
  return (
    <span className="flex flex-wrap items-start gap-x-2 gap-y-1">
      <span className="min-w-0 text-muted">
        <Value field={field} value={before} />
      </span>
      <ArrowRight aria-label="to" className="mt-0.5 size-4 text-faint" />
      <span className="min-w-0">
        <Value field={field} value={after} />
      </span>
    </span>
  )
}

function Difference({ from, to }: { from: readonly string[]; to: readonly string[] }) {
  const { added, removed } = diffOperations(from, to)
  return (
    <div className="space-y-3">
      {added.length > 0 && <Operations title={`${added.length} added`} ids={added} />}
      {removed.length > 0 && <Operations title={`${removed.length} removed`} ids={removed} />}
    </div>
  )
}

function Operations({ title, ids }: { title: string; ids: readonly string[] }) {
  return (
    <div>
      <p className="mb-1 font-[550] tabular-nums">{title}</p>
      <ul className="columns-[17rem] gap-8">
        {ids.map((id) => (
          <li key={id} className="flex items-start gap-2 pb-1">
            <Operation id={id} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Operation({ id }: { id: string }) {
  const [method = '', path = ''] = id.split(' ')
  return (
    <>
      <MethodBadge method={method} />
      <span className="min-w-0 font-mono text-sm/4 wrap-anywhere">{path}</span>
    </>
  )
}

function Value({ field, value }: { field: string; value: ActivityChange['before'] }) {
  if (field === 'allowedAddresses') {
    return Array.isArray(value) ? (
      <span className="font-mono text-sm">{value.join(', ')}</span>
    ) : (
      <>From anywhere</>
    )
  }
  if (Array.isArray(value)) {
    const title = value.length === 1 ? '1 endpoint' : `${value.length} endpoints`
    return <Operations title={title} ids={value} />
  }
  return <>{wordsFor(field, value)}</>
}

const values: Readonly<Record<string, string>> = {
  'access full': 'Full access',
  'status active': 'Active',
  'status disabled': 'Disabled',
  'signIn password': 'Password',
  'signIn openId': 'OpenID',
  'backend embedded': 'Embedded broker',
}

function wordsFor(field: string, value: string | null): string {
  if (field === 'expiresAt') return value === null ? 'Never expires' : formatMoment(value)
  if (value === null) return '—'
  if (field === 'oldSecretEndsAt') return formatMoment(value)
  const role = field === 'role' ? roles.find((one) => one === value) : undefined
  return role ? roleNames[role] : (values[`${field} ${value}`] ?? value)
}
