import { useNavigate } from '@tanstack/react-router'
import {
  Activity,
  CirclePause,
  CirclePlay,
  Copy,
  Pencil,
  Repeat2,
  RotateCcwKey,
  Timer,
  Trash2,
} from 'lucide-react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useRefusal } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { Menu, MenuItems, type MenuItem } from '../../ui/overlays/menu.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { keyQueries } from '../data/invalidated-queries.ts'
import type { KeyDialog } from '../data/key-dialog.ts'
import type { Fix } from './condition-fix.ts'

/**
 * The menu of one key. Keys without notes and permissions can't be edited or duplicated; what the
 * role doesn't permit is disabled and says so.
 */
export function RowActions(props: RowActionsProps) {
  return (
    <Menu label={`Actions for ${props.apiKey.appId}`}>
      <RowMenu {...props} />
    </Menu>
  )
}

type RowActionsProps = {
  deploymentId: string
  apiKey: ApiKey
  configurable: boolean
  onDialog: (dialog: KeyDialog) => void
}

function RowMenu({ deploymentId, apiKey, configurable, onDialog }: RowActionsProps) {
  const refusal = useRefusal()
  const navigate = useNavigate()
  const enable = useEnable(deploymentId, apiKey)
  const { appId } = apiKey
  const changes: MenuItem[] = [
    {
      label: 'Edit',
      icon: <Pencil className="size-3.5" />,
      onSelect: () => onDialog({ kind: 'form', purpose: { kind: 'edit', apiKey } }),
      disabledReason: refusal('apiKeys.annotate', 'edit API keys'),
    },
    {
      label: 'Duplicate',
      icon: <Copy className="size-3.5" />,
      onSelect: () => onDialog({ kind: 'form', purpose: { kind: 'duplicate', apiKey: apiKey } }),
      disabledReason: refusal('apiKeys.manage', 'create API keys'),
    },
  ]
  const limits: MenuItem = {
    label: 'Expiry and addresses',
    icon: <Timer className="size-3.5" />,
    onSelect: () => onDialog({ kind: 'limits', apiKey }),
    disabledReason: refusal('apiKeys.manage', 'limit API keys'),
  }
  const pause: MenuItem =
    apiKey.status === 'disabled'
      ? {
          label: 'Enable',
          icon: <CirclePlay className="size-3.5" />,
          onSelect: enable,
          disabledReason: refusal('apiKeys.pause', 'enable API keys'),
        }
      : {
          label: 'Disable',
          icon: <CirclePause className="size-3.5" />,
          onSelect: () => onDialog({ kind: 'disable', apiKey }),
          disabledReason: refusal('apiKeys.pause', 'disable API keys'),
        }
  return (
    <MenuItems
      items={[
        ...(configurable ? changes : [limits]),
        {
          label: 'Rotate',
          icon: <RotateCcwKey className="size-3.5" />,
          onSelect: () => onDialog({ kind: 'rotate', apiKey }),
          disabledReason: refusal('apiKeys.rotate', 'rotate API keys'),
        },
        pause,
        {
          label: 'Activity',
          icon: <Activity className="size-3.5" />,
          onSelect: () => void navigate({ to: '/activity', search: { deploymentId, appId } }),
        },
        {
          label: 'Delete',
          icon: <Trash2 className="size-3.5" />,
          tone: 'danger',
          onSelect: () => onDialog({ kind: 'delete', apiKey }),
          disabledReason: refusal('apiKeys.manage', 'delete API keys'),
        },
      ]}
    />
  )
}

/** Enables a disabled key without asking: it can be undone. */
function useEnable(deploymentId: string, { appId, version }: ApiKey): () => void {
  const { mutate } = useApiMutation('updateApiKey', {
    invalidates: keyQueries,
    errorIn: 'toast',
    errorTitle: `${appId} is still disabled.`,
    onSuccess: () => showToast('ok', `${appId} is enabled. Its calls are answered again.`),
  })
  return () =>
    mutate({ params: { deploymentId, appId }, ifMatch: version, body: { disabled: false } })
}

/** The button of a key: it fixes the filtered condition, or replaces a legacy key. */
export function QuickActions({
  apiKey,
  fix,
  onDialog,
}: {
  apiKey: ApiKey
  fix: Fix | undefined
  onDialog: (dialog: KeyDialog) => void
}) {
  if (fix) return <FixButton appId={apiKey.appId} fix={fix} onDialog={onDialog} />
  return apiKey.legacy && <ReplaceButton apiKey={apiKey} onDialog={onDialog} />
}

function FixButton({
  appId,
  fix: { label, permission, what, dialog },
  onDialog,
}: {
  appId: string
  fix: Fix
  onDialog: (dialog: KeyDialog) => void
}) {
  return (
    <Button
      size={28}
      aria-label={`${label} ${appId}`}
      disabledReason={useRefusal()(permission, what)}
      onClick={() => onDialog(dialog)}
    >
      {label}
    </Button>
  )
}

function ReplaceButton({
  apiKey,
  onDialog,
}: {
  apiKey: ApiKey
  onDialog: (dialog: KeyDialog) => void
}) {
  return (
    <Button
      size={28}
      icon={<Repeat2 className="size-3.5" />}
      aria-label={`Replace… ${apiKey.appId}`}
      disabledReason={useRefusal()('apiKeys.manage', 'create API keys')}
      onClick={() => onDialog({ kind: 'form', purpose: { kind: 'replace', apiKey: apiKey } })}
    >
      Replace…
    </Button>
  )
}
