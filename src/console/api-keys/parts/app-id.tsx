import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { CopyButton } from '../../ui/buttons/copy-button.tsx'

/** A key's App ID as a link to its page, with a copy button. */
export function AppIdLink({ deploymentId, appId }: { deploymentId: string; appId: string }) {
  const source = useRef<HTMLAnchorElement>(null)
  return (
    <span className="inline-flex min-w-0 items-center gap-1 font-mono text-sm">
      <Link
        ref={source}
        to="/deployments/$deploymentId/api-keys/$appId"
        params={{ deploymentId, appId }}
        className="min-w-0 rounded-xs wrap-anywhere hover:text-accent-ink hover:underline"
      >
        {appId}
      </Link>
      <CopyButton
        value={appId}
        label={`Copy App ID ${appId}`}
        source={source}
        className="-my-1 flex-none"
      />
    </span>
  )
}
