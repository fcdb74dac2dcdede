import { ShieldAlert, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { summarizeRisk, type RiskSummary } from '../../../contract/access/risk-summary.ts'
import { summarizeAccess } from '../../../contract/access/summary.ts'
import type { Operation } from '../../../contract/catalog/operation.ts'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { MethodBadge } from '../../ui/feedback/badge.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { SearchInput } from '../../ui/fields/search-input.tsx'
import { capabilityText } from '../data/capability-summary.ts'
import { buildSearchIndex, matchesWords, searchWords } from '../data/catalog-search.ts'
import { withRetired, type CatalogView } from '../data/catalog-view.ts'
import { HighlightedPath, HighlightedWords } from './highlight.tsx'
import { RiskBadge, riskHeading } from './risk-badge.tsx'

const SEARCH_MIN_OPERATIONS = 20

/** Lists what a key may call, by category. */
export function AccessView({
  deployment,
  apiKey,
  catalog,
}: {
  deployment: Deployment
  apiKey: ApiKey
  catalog: CatalogView | undefined
}) {
  if (!catalog) return <Skeleton className="h-4 w-64" />
  if (apiKey.access.mode === 'full') {
    return <FullAccess deployment={deployment} apiKey={apiKey} total={catalog.operations.length} />
  }
  return <ListedAccess apiKey={apiKey} catalog={withRetired(catalog, apiKey.access.operations)} />
}

function FullAccess({
  deployment,
  apiKey,
  total,
}: {
  deployment: Deployment
  apiKey: ApiKey
  total: number
}) {
  const { label, keysAreConfigurable } = planRules(deployment)
  return (
    <p className="flex max-w-2xl items-start gap-2 text-pretty">
      <ShieldAlert className="mt-0.5 size-4 text-warn-ink" />
      <span>
        <strong className="font-semibold text-warn-ink">Full access.</strong> This key may call all{' '}
        {total} endpoints of {deployment.name}, and every one that is added later.{' '}
        {!keysAreConfigurable && `Keys of ${label} deployments always have full access.`}
        {apiKey.legacy &&
          'It was made before API keys had permissions. Replace it with one that may call only what it needs.'}
      </span>
    </p>
  )
}

function ListedAccess({ apiKey, catalog }: { apiKey: ApiKey; catalog: CatalogView }) {
  const [query, setQuery] = useState('')
  const words = searchWords(query)
  const index = buildSearchIndex(catalog)
  const { categories, granted } = summarizeAccess(apiKey.access, catalog)
  const riskSummary = summarizeRisk(apiKey.access, catalog)
  const shown = categories
    .map((category) => ({
      ...category,
      matching: category.granted.filter(({ id }) => matchesWords(index, id, words)),
    }))
    .filter(({ matching }) => matching.length > 0)

  return (
    <div>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted">
          <RiskBadge risk={riskSummary} />
          {capabilityText(apiKey.access, catalog)}
        </p>
        {granted > SEARCH_MIN_OPERATIONS && (
          <SearchInput
            className="w-60 max-w-full"
            label={`Search access of ${apiKey.appId}`}
            placeholder="Search these endpoints"
            value={query}
            onChange={setQuery}
          />
        )}
      </div>
      {shown.length === 0 && <p className="text-muted">None of these endpoints matches.</p>}
      <div className="-mb-5 columns-[19rem] gap-8">
        <HighlightedWords value={words}>
          {shown.map(({ name, matching, granted: ofCategory, total }) => (
            <div key={name} className="break-inside-avoid-column pb-5">
              <h3 className="mb-1.5 font-[550]">
                {name}{' '}
                <span className="text-sm font-normal text-muted tabular-nums">
                  {ofCategory.length} of {total}
                </span>
              </h3>
              <ul className="space-y-1">
                {matching.map((operation) => (
                  <GrantedOperation
                    key={operation.id}
                    operation={operation}
                    retired={catalog.byId.get(operation.id)?.availability === 'retired'}
                  />
                ))}
              </ul>
            </div>
          ))}
        </HighlightedWords>
      </div>
      {riskSummary.risky.length > 0 && <RiskNotes riskSummary={riskSummary} />}
    </div>
  )
}

function GrantedOperation({
  operation: { method, path, risk },
  retired,
}: {
  operation: Operation
  retired: boolean
}) {
  return (
    <li className="flex items-start gap-2">
      <MethodBadge method={method} />
      <span className="min-w-0 font-mono text-sm/4 wrap-anywhere">
        <span className={retired ? 'text-muted line-through' : undefined}>
          <HighlightedPath path={path} />
        </span>
        {retired && <span className="font-sans text-muted"> retired, grants nothing</span>}
      </span>
      {risk !== undefined && (
        <>
          <TriangleAlert aria-hidden className="mt-px size-3.5 text-warn-ink" />
          <span className="sr-only">can undo other limits</span>
        </>
      )}
    </li>
  )
}

function RiskNotes({ riskSummary }: { riskSummary: RiskSummary }) {
  return (
    <details className="mt-5 border-t border-line-soft pt-3">
      <summary className="w-fit rounded-xs text-warn-ink">{riskHeading(riskSummary)}</summary>
      <ul className="mt-2 max-w-3xl space-y-1.5">
        {riskSummary.risky.map(({ id, risk }) => (
          <li key={id} className="text-pretty text-muted">
            <span className="font-mono text-sm text-ink wrap-anywhere">{id}</span> {risk}
          </li>
        ))}
      </ul>
    </details>
  )
}
