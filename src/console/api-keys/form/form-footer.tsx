import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { RiskSummary } from '../../../contract/access/risk-summary.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { RiskBadge, riskHeading } from '../parts/risk-badge.tsx'

/** What the footer says about the draft. */
export type DraftDescription = {
  /** What the key may do, or why it can't be saved yet. */
  summary: string | undefined
  /** How far its access reaches. */
  risk: RiskSummary | undefined
  /** What Confirm would change, for an edited key. */
  changes: string | undefined
  /** Why Confirm is disabled. */
  disabledReason: string | undefined
}

/** The footer of the New / Edit dialog: messages, a live summary, Cancel and Confirm. */
export function FormFooter({
  formId,
  description: { summary, risk, changes, disabledReason },
  message,
  saving,
  risky,
  onCancel,
}: {
  formId: string
  description: DraftDescription
  message: ReactNode
  saving: boolean
  /** Filters the picker by the endpoints that can undo other limits. */
  risky?: { isShown: boolean; onShow: () => void } | undefined
  onCancel: () => void
}) {
  // The button replaces the badge.
  const showsRisk = risk !== undefined && risky !== undefined && risk.risky.length > 0
  return (
    <>
      <div className="basis-full empty:hidden">{message}</div>
      <div className="min-w-0 flex-1 basis-60 text-sm text-pretty">
        <p className="text-muted">
          {risk && !showsRisk && (
            <span className="mr-2">
              <RiskBadge risk={risk} />
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
            {riskHeading(risk)}
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
          disabledReason={disabledReason}
        >
          Confirm
        </Button>
      </div>
    </>
  )
}
