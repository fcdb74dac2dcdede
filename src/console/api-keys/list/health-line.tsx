import { keyConditions, type KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { KeyHealth } from '../../../contract/usage/schemas.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { cx } from '../../ui/text/cx.ts'
import { conditionText, conditionTexts } from '../data/conditions.ts'

/**
 * Counts a deployment's keys by the conditions that need attention. Each count filters the table
 * by its condition; without any, nothing is rendered.
 */
export function HealthLine({
  counts,
  configurable,
  condition,
  onCondition,
}: {
  counts: KeyHealth['counts']
  /** Otherwise full access is left out: every key of such a plan has it. */
  configurable: boolean
  /** The condition that the table is filtered by. */
  condition: KeyCondition | undefined
  onCondition: (condition: KeyCondition | undefined) => void
}) {
  const shown = keyConditions.filter(
    (one) => one === condition || (counts[one] > 0 && (configurable || one !== 'fullAccess')),
  )
  if (shown.length === 0) return null
  return (
    <div className="mb-3 text-sm">
      <ul
        aria-label="Key health"
        className="-mx-1.5 flex flex-wrap items-center gap-x-0.5 gap-y-1 text-muted tabular-nums"
      >
        {shown.map((one) => (
          <li key={one}>
            <button
              type="button"
              aria-pressed={one === condition}
              onClick={() => onCondition(one === condition ? undefined : one)}
              className={cx(
                'flex h-6 items-center gap-1.5 rounded-xs px-1.5 hover:bg-hover hover:text-ink',
                one === condition && 'bg-selected text-ink',
              )}
            >
              <span aria-hidden className={cx('size-1.5 rounded-full', dotClass(one))} />
              {conditionText(one, counts[one])}
            </button>
          </li>
        ))}
      </ul>
      {condition && (
        <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-pretty text-muted">
          {conditionTexts[condition].advice}
          <Button
            size={28}
            variant="ghost"
            className="!h-6 !px-1.5 text-ink"
            onClick={() => onCondition(undefined)}
          >
            Show all keys
          </Button>
        </p>
      )}
    </div>
  )
}

function dotClass(condition: KeyCondition): string {
  return condition === 'oldSecretInUse' || condition === 'fullAccess' || condition === 'legacy'
    ? 'bg-warn'
    : 'bg-faint'
}
