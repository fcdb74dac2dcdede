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
import type { Permission } from '../../../contract/accounts/roles.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { Menu, MenuItems, type MenuItem } from '../../ui/overlays/menu.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { keyQueries } from '../data/invalidated-queries.ts'
import type { KeyDialog } from '../data/key-dialog.ts'
import type { Fix } from './condition-fix.ts'

const iconClass = 'size-3.5'

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
  const disabledReason = useDisabledReason()
  const navigate = useNavigate()
  const enable = useEnable(deploymentId, apiKey)
  const { appId } = apiKey

  function opens(dialog: KeyDialog, permission: Permission, action: string) {
    return {
      onSelect: () => onDialog(dialog),
      disabledReason: disabledReason(permission, action),
    }
  }

  const changes: MenuItem[] = configurable
    ? [
        {
          label: 'Edit',
          icon: <Pencil className={iconClass} />,
          ...opens(
            { kind: 'form', purpose: { kind: 'edit', apiKey } },
            'apiKeys.annotate',
            'edit API keys',
          ),
        },
        {
          label: 'Duplicate',
          icon: <Copy className={iconClass} />,
          ...opens(
            { kind: 'form', purpose: { kind: 'duplicate', apiKey } },
            'apiKeys.manage',
            'create API keys',
          ),
        },
      ]
    : [
        {
          label: 'Expiry and addresses',
          icon: <Timer className={iconClass} />,
          ...opens({ kind: 'limits', apiKey }, 'apiKeys.manage', 'limit API keys'),
        },
      ]
  const pause: MenuItem =
    apiKey.status === 'disabled'
      ? {
          label: 'Enable',
          icon: <CirclePlay className={iconClass} />,
          onSelect: enable,
          disabledReason: disabledReason('apiKeys.pause', 'enable API keys'),
        }
      : {
          label: 'Disable',
          icon: <CirclePause className={iconClass} />,
          ...opens({ kind: 'disable', apiKey }, 'apiKeys.pause', 'disable API keys'),
        }
  return (
    <MenuItems
      items={[
        ...changes,
        {
          label: 'Rotate',
          icon: <RotateCcwKey className={iconClass} />,
          ...opens({ kind: 'rotate', apiKey }, 'apiKeys.rotate', 'rotate API keys'),
        },
        pause,
        {
          label: 'Activity',
          icon: <Activity className={iconClass} />,
          onSelect: () => void navigate({ to: '/activity', search: { deploymentId, appId } }),
        },
        {
          label: 'Delete',
          icon: <Trash2 className={iconClass} />,
          tone: 'danger',
          ...opens({ kind: 'delete', apiKey }, 'apiKeys.manage', 'delete API keys'),
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
export function QuickAction({
  apiKey,
  fix,
  onDialog,
}: {
  apiKey: ApiKey
  fix: Fix | undefined
  onDialog: (dialog: KeyDialog) => void
}) {
  const disabledReason = useDisabledReason()
  const shown = fix ?? (apiKey.legacy ? replacement(apiKey) : undefined)
  if (!shown) return null
  const { label, permission, what, dialog } = shown
  return (
    <Button
      size={28}
      {...(!fix && { icon: <Repeat2 className={iconClass} /> })}
      aria-label={`${label} ${apiKey.appId}`}
      disabledReason={disabledReason(permission, what)}
      onClick={() => onDialog(dialog)}
    >
      {label}
    </Button>
  )
}

function replacement(apiKey: ApiKey): Fix {
  return {
    label: 'Replace…',
    dialog: { kind: 'form', purpose: { kind: 'replace', apiKey } },
    permission: 'apiKeys.manage',
    what: 'create API keys',
  }
}
