import type { AutomationToken } from '../../contract/accounts/schemas.ts'
import { roleNames } from '../people/role-names.ts'
import { SecretDialog } from '../secrets/secret-dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'
import { formatDate } from '../ui/text/format.ts'
import { tokenLine, tokenSnippets } from './snippets.ts'

/** The one time a token is shown. */
export function CreatedTokenDialog({
  token: { name, role, expiresAt },
  secret,
  onClose,
}: {
  token: AutomationToken
  secret: string
  onClose: () => void
}) {
  const until = expiresAt === null ? 'never expires' : `until ${formatDate(expiresAt)}`
  return (
    <SecretDialog
      title="Token Created"
      subtitle={[name, roleNames[role], until].join(' · ')}
      warning="Copy the token now. It is shown only this once."
      credentials={[{ label: 'Token', value: secret, isSecret: true }]}
      lines={tokenLine(secret)}
      linesText={
        <>
          Copies one line, <code className="font-mono">LATCHKEY_TOKEN=…</code>
        </>
      }
      snippets={tokenSnippets(secret, window.location.origin)}
      onCopied={() => showToast('ok', `${name} copied.`)}
      onClose={onClose}
    />
  )
}
