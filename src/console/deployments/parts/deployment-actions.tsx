import { Pencil, Trash2 } from 'lucide-react'
import { useDisabledReason } from '../../session/permission.ts'
import { Menu, type MenuItem } from '../../ui/overlays/menu.tsx'

/** What can be done to a deployment, as a menu. */
export function DeploymentActions({
  name,
  onRename,
  onRemove,
}: {
  name: string
  /** Left out where the name is edited in place. */
  onRename?: () => void
  onRemove: () => void
}) {
  const refusal = useDisabledReason()
  const rename: MenuItem[] = onRename
    ? [
        {
          label: 'Rename',
          icon: <Pencil className="size-4 text-muted" />,
          onSelect: onRename,
          disabledReason: refusal('deployments.manage', 'rename deployments'),
        },
      ]
    : []
  return (
    <Menu
      label={`Actions for ${name}`}
      items={[
        ...rename,
        {
          label: 'Remove',
          icon: <Trash2 className="size-4" />,
          onSelect: onRemove,
          disabledReason: refusal('deployments.manage', 'remove deployments'),
          tone: 'danger',
        },
      ]}
    />
  )
}
