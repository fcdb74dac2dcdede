import { Button } from '../../ui/button.tsx'
import { InlineMessage } from '../../ui/inline-message.tsx'
import { refusedField } from './field-errors.ts'
import type { useApiKeyForm } from './use-api-key-form.ts'

/** What is said above the buttons: what went wrong, or that someone else's change is in. */
export function FormMessage({ form }: { form: ReturnType<typeof useApiKeyForm> }) {
  const { error, isRebased, reloading } = form
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
