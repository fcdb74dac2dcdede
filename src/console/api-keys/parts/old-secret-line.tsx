import { KeyRound } from 'lucide-react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { Hint } from '../../ui/overlays/tooltip.tsx'
import { formatAgo, formatLeft, formatMoment } from '../../ui/text/format.ts'
import type { KeyDialog } from '../data/key-dialog.ts'

/** Shows until when the old secret of a rotated key works, with a button that ends it. */
export function OldSecretLine({
  apiKey,
  oldSecret: { endsAt, lastUsedAt },
  now,
  onDialog,
}: {
  apiKey: ApiKey
  oldSecret: NonNullable<ApiKey['oldSecret']>
  now: number
  onDialog: (dialog: KeyDialog) => void
}) {
  const refusal = useDisabledReason()
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 gap-y-1 text-sm text-muted tabular-nums">
      <span>
        <KeyRound aria-hidden className="mr-2 inline size-3.5 text-warn-ink" />2 secrets, the old
        one ends in{' '}
        <Hint quiet reason={`Ends ${formatMoment(endsAt)}`}>
          {formatLeft(endsAt, now)}
        </Hint>
        {lastUsedAt === null ? (
          ', not used since the rotation'
        ) : (
          <>
            , last used{' '}
            <Hint quiet reason={formatMoment(lastUsedAt)}>
              <time dateTime={lastUsedAt}>{formatAgo(lastUsedAt, now).toLowerCase()}</time>
            </Hint>
          </>
        )}
      </span>
      <Button
        size={28}
        variant="ghost"
        className="!h-6 !px-1.5 text-ink"
        aria-label={`End now: the old secret of ${apiKey.appId}`}
        disabledReason={refusal('apiKeys.rotate', 'end old secrets')}
        onClick={() => onDialog({ kind: 'endOldSecret', apiKey })}
      >
        End now
      </Button>
    </span>
  )
}
