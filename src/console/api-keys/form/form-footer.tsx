import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { InlineMessage } from '../../ui/inline-message.tsx'

/** What the form says at its end: what the key will be able to do, and what is in the way. */
export type FormVerdict = {
  /** What the key will be able to do, or why it can't be made yet. */
  summary: string
  /** What Confirm would change on an edited key. */
  changes: string | undefined
  /** How many of the selected endpoints can undo other limits. */
  risky: number
  blocked: string | undefined
}

/** The footer of the New / Edit dialog: messages, the running summary, Cancel and Confirm. */
export function FormFooter({
  formId,
  verdict: { summary, changes, risky, blocked },
  message,
  saving,
  showsRisky,
  onShowRisky,
  onCancel,
}: {
  formId: string
  verdict: FormVerdict
  message: ReactNode
  saving: boolean
  showsRisky: boolean
  onShowRisky: () => void
  onCancel: () => void
}) {
  return (
    <>
      {message !== undefined && <div className="basis-full">{message}</div>}
      <div className="min-w-0 flex-1 basis-60 text-sm text-pretty">
        <p className="text-muted">
          {summary}
          {changes !== undefined && (
            <>
              {' '}
              <span className="font-[550] whitespace-nowrap text-ink tabular-nums">{changes}</span>
            </>
          )}
        </p>
        {risky > 0 && (
          <button
            type="button"
            aria-pressed={showsRisky}
            onClick={onShowRisky}
            className="mt-0.5 inline-flex items-center gap-1.5 rounded-xs text-warn-ink hover:underline"
          >
            <TriangleAlert className="size-3.5" />
            {risky} {risky === 1 ? 'endpoint' : 'endpoints'} can undo other limits
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

/** Says that the key changed meanwhile, and offers the way on. */
export function StaleMessage({ loading, onLoad }: { loading: boolean; onLoad: () => void }) {
  return (
    <InlineMessage tone="danger">
      <p>
        This key was changed meanwhile, so nothing was saved. Load the current version; what you
        changed is put on top of it.
      </p>
      <Button size={28} className="mt-2" loading={loading} onClick={onLoad}>
        Load current version
      </Button>
    </InlineMessage>
  )
}
