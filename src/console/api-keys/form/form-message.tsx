import { useRefusal } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { refusedField } from './field-errors.ts'
import type { useApiKeyForm } from './use-api-key-form.ts'

/** What is said above the buttons: what went wrong, or that someone else's change is in. */
export function FormMessage({
  form,
  onStartAnew,
}: {
  form: ReturnType<typeof useApiKeyForm>
  /** Makes a new key of what was typed, where the form can. */
  onStartAnew?: () => void
}) {
  const { error, isGone, isRebased, reloading } = form
  if (isGone) return <GoneMessage onStartAnew={onStartAnew} />
  if (error?.isStale) {
    return <StaleMessage loading={reloading} onLoad={() => void form.loadCurrent()} />
  }
  if (error && refusedField(error) === undefined) {
    return <InlineMessage tone="danger">{error.message}</InlineMessage>
  }
  if (!isRebased) return null
  return (
    <InlineMessage tone="ok">
      This is the current version, with your changes on top of it.
    </InlineMessage>
  )
}

/** Says that the key changed meanwhile, and offers the way on. */
function StaleMessage({ loading, onLoad }: { loading: boolean; onLoad: () => void }) {
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

/** Says that the key was deleted meanwhile, and offers to keep what was typed in another. */
function GoneMessage({ onStartAnew }: { onStartAnew: (() => void) | undefined }) {
  const refusal = useRefusal()
  return (
    <InlineMessage tone="danger">
      <p>This key was deleted meanwhile. Nothing was saved.</p>
      {onStartAnew && (
        <Button
          size={28}
          className="mt-2"
          disabledReason={refusal('apiKeys.manage', 'create API keys')}
          onClick={onStartAnew}
        >
          Make a new key from this
        </Button>
      )}
    </InlineMessage>
  )
}
