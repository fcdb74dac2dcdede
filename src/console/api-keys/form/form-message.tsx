import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { firstFieldWithError } from './field-errors.ts'
import type { useApiKeyForm } from './use-api-key-form.ts'

/** The message above the buttons: an error, or that someone else's change was merged. */
export function FormMessage({
  form,
  onContinueAsNewKey,
}: {
  form: ReturnType<typeof useApiKeyForm>
  /** Turns the form into one for a new key, if it can. */
  onContinueAsNewKey?: () => void
}) {
  const { error, isDeleted, isMerged, reloading } = form
  if (isDeleted) return <GoneMessage onContinueAsNewKey={onContinueAsNewKey} />
  if (error?.isStale) {
    return <StaleMessage loading={reloading} onLoad={() => void form.loadCurrent()} />
  }
  if (error && firstFieldWithError(error) === undefined) {
    return <InlineMessage tone="danger">{error.message}</InlineMessage>
  }
  if (!isMerged) return null
  return (
    <InlineMessage tone="ok">
      This is the current version, with your changes on top of it.
    </InlineMessage>
  )
}

/** Says that someone else changed the key, with a button that loads the current version. */
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

/** Says that someone else deleted the key, with a button that keeps the form for a new one. */
function GoneMessage({ onContinueAsNewKey }: { onContinueAsNewKey: (() => void) | undefined }) {
  const refusal = useDisabledReason()
  return (
    <InlineMessage tone="danger">
      <p>This key was deleted meanwhile. Nothing was saved.</p>
      {onContinueAsNewKey && (
        <Button
          size={28}
          className="mt-2"
          disabledReason={refusal('apiKeys.manage', 'create API keys')}
          onClick={onContinueAsNewKey}
        >
          Make a new key from this
        </Button>
      )}
    </InlineMessage>
  )
}
