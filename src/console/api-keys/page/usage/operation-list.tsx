import { useState } from 'react'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import type { Usage } from '../../../../contract/usage/schemas.ts'
import { Button } from '../../../ui/buttons/button.tsx'
import { formatCount, formatQuantity } from '../../../ui/text/format.ts'
import { Ago } from '../../../ui/text/timestamp.tsx'
import { OperationName } from '../operation-name.tsx'
import { Sublist } from './sublist.tsx'

const SHOWN_MAX = 8

/** The operations that a key called, the most used first. */
export function OperationList({
  apiKey: { access },
  operations,
  now,
  period,
}: {
  apiKey: ApiKey
  operations: Usage['operations']
  now: number
  /** The period shown: "the last 7 days". */
  period: string
}) {
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? operations : operations.slice(0, SHOWN_MAX)
  const most = Math.max(1, ...operations.map(({ allowed }) => allowed))
  const used = new Set<string>(
    operations.filter(({ allowed }) => allowed > 0).map(({ operation }) => operation),
  )
  const unused = access.mode === 'list' ? access.operations.filter((id) => !used.has(id)).length : 0
  return (
    <Sublist
      title="Operations by use"
      foot={
        unused > 0 && (
          <p className="text-pretty">
            {formatQuantity(unused, 'permission')} of this key {unused === 1 ? 'wasn’t' : 'weren’t'}{' '}
            used in {period}.
          </p>
        )
      }
    >
      <ul>
        {shown.map(({ operation, allowed, refused, failed, lastUsedAt }) => (
          <li key={operation} className="px-4 py-1.5 tabular-nums">
            <div className="flex items-start justify-between gap-4">
              <OperationName operation={operation} />
              <span className="leading-4 font-[550]">
                {formatCount(allowed)}
                <span className="sr-only"> allowed</span>
              </span>
            </div>
            <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-hover">
              <div
                className="h-full rounded-full bg-accent"
                style={{ width: `${(allowed / most) * 100}%` }}
              />
            </div>
            <p className="mt-0.5 flex flex-wrap justify-between gap-x-4 text-sm text-muted">
              <span>
                {lastUsedAt !== null && (
                  <>
                    Last used <Ago at={lastUsedAt} now={now} />
                  </>
                )}
              </span>
              <span className="flex gap-3">
                {refused > 0 && <span>{formatCount(refused)} refused</span>}
                {failed > 0 && <span>{formatCount(failed)} failed</span>}
              </span>
            </p>
          </li>
        ))}
      </ul>
      {operations.length > SHOWN_MAX && (
        <Button
          size={28}
          variant="ghost"
          className="ml-1.5"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show the most used' : `Show all ${formatCount(operations.length)}`}
        </Button>
      )}
    </Sublist>
  )
}
