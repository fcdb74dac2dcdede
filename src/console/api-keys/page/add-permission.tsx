import { CircleCheck, Plus } from 'lucide-react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'

/** Opens the Edit dialog with one more permission ticked; says so once the key has it. */
export function AddPermission({
  apiKey: { access },
  operation,
  onAdd,
}: {
  apiKey: ApiKey
  operation: OperationId
  onAdd: (operation: OperationId) => void
}) {
  const disabledReason = useDisabledReason()('apiKeys.manage', 'change what API keys may do')
  const isGranted = access.mode === 'full' || access.operations.includes(operation)
  return (
    <Button
      size={28}
      icon={isGranted ? <CircleCheck className="size-3.5" /> : <Plus className="size-3.5" />}
      aria-label={isGranted ? `Allowed now: ${operation}` : `Add this permission: ${operation}`}
      // Disabled rather than removed: the focus returns to it.
      disabledReason={isGranted ? 'This key may make this call now.' : disabledReason}
      onClick={() => onAdd(operation)}
    >
      {isGranted ? 'Allowed now' : 'Add this permission'}
    </Button>
  )
}
