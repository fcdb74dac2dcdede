import { Copy, Pencil, Repeat2, Trash2 } from 'lucide-react'
import type { ApiKey } from '../../../contract/schemas.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import type { Flow } from '../flow.ts'

/** What can be done with one key. Keys without notes and permissions can only be deleted. */
export function RowActions({
  apiKey,
  configurable,
  onFlow,
}: {
  apiKey: ApiKey
  configurable: boolean
  onFlow: (flow: Flow) => void
}) {
  const changes: MenuItem[] = [
    {
      label: 'Edit',
      icon: <Pencil className="size-3.5" />,
      onSelect: () => onFlow({ step: 'form', purpose: { kind: 'edit', apiKey } }),
    },
    {
      label: 'Duplicate',
      icon: <Copy className="size-3.5" />,
      onSelect: () => onFlow({ step: 'form', purpose: { kind: 'duplicate', of: apiKey } }),
    },
  ]
  return (
    <Menu
      label={`Actions for ${apiKey.appId}`}
      items={[
        ...(configurable ? changes : []),
        {
          label: 'Delete',
          icon: <Trash2 className="size-3.5" />,
          tone: 'danger',
          onSelect: () => onFlow({ step: 'delete', apiKey }),
        },
      ]}
    />
  )
}

/** The way out of a key from before permissions. */
export function ReplaceButton({
  apiKey,
  onFlow,
}: {
  apiKey: ApiKey
  onFlow: (flow: Flow) => void
}) {
  return (
    <Button
      size={28}
      icon={<Repeat2 className="size-3.5" />}
      aria-label={`Replace… ${apiKey.appId}`}
      onClick={() => onFlow({ step: 'form', purpose: { kind: 'replace', old: apiKey } })}
    >
      Replace…
    </Button>
  )
}
