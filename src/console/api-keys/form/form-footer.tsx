import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Power } from '../../../contract/access/risk-summary.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { RiskBadge, riskyText } from '../parts/risk-badge.tsx'

/** What the form says at its end: what the key will be able to do, and what is in the way. */
export type FormSummary = {
  /** What the key will be able to do, or why it can't be made yet. */
  summary: string | undefined
  /** What its rights amount to. */
  power: Power | undefined
  /** What Confirm would change on an edited key. */
  changes: string | undefined
  blocked: string | undefined
}

/** The footer of the New / Edit dialog: messages, the running summary, Cancel and Confirm. */
export function FormFooter({
  formId,
  verdict: { summary, power, changes, blocked },
  message,
  saving,
  risky,
  onCancel,
}: {
  formId: string
  verdict: FormSummary
  message: ReactNode
  saving: boolean
  /** Shows the endpoints that can undo other limits, with their risk notes. */
  risky?: { isShown: boolean; onShow: () => void } | undefined
  onCancel: () => void
}) {
  // Its button says what the badge would.
  const showsRisk = power !== undefined && risky !== undefined && power.risky.length > 0
  return (
    <>
      <div className="basis-full empty:hidden">{message}</div>
      <div className="min-w-0 flex-1 basis-60 text-sm text-pretty">
        <p className="text-muted">
          {power && !showsRisk && (
            <span className="mr-2">
              <RiskBadge power={power} />
            </span>
          )}
          {summary}
          {changes !== undefined && (
            <>
              {' '}
              <span className="font-[550] text-ink tabular-nums">{changes}</span>
            </>
          )}
        </p>
        {showsRisk && (
          <button
            type="button"
            aria-pressed={risky.isShown}
            onClick={risky.onShow}
            className="mt-0.5 inline-flex items-center gap-1.5 rounded-xs text-start text-warn-ink hover:underline"
          >
            <TriangleAlert className="size-3.5" />
            {riskyText(power)}
          </button>
        )}
      </div>
      <div className="flex flex-none gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          type="submit"
          form={formId}
          variant="primary"
          loading={saving}
          disabledReason={blocked}
        >
          Confirm
        </Button>
      </div>
    </>
  )
}
