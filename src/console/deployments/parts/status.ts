import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { formatDuration } from '../../ui/text/format.ts'

type Status = Deployment['status']

/** What each status is called and which colour its dot has. */
export const statusLooks = {
  running: { label: 'Running', tone: 'ok' },
  stopped: { label: 'Stopped', tone: 'off' },
  unreachable: { label: 'Unreachable', tone: 'danger' },
  elsewhere: { label: 'On another server', tone: 'danger' },
} as const satisfies Record<Status, { label: string; tone: string }>

/** The status with the running time where the backend tells it: "Running for 41 days". */
export function describeStatus({ status, startedAt }: Deployment, now: number): string {
  const { label } = statusLooks[status]
  return status === 'running' && startedAt
    ? `${label} for ${formatDuration(startedAt, now)}`
    : label
}

/** What answers the deployment's API: "Embedded broker" or "EMQX at emqx.example". */
export function describeBackend({ backend }: Pick<Deployment, 'backend'>): string {
  return backend.kind === 'embedded' ? 'Embedded broker' : `EMQX at ${new URL(backend.url).host}`
}

/** Why nothing is answered right now and what to do, or undefined while all is well. */
export function describeTrouble({ status, backend }: Deployment): string | undefined {
  if (status === 'running') return undefined
  const keys = 'Its API keys can still be changed.'
  if (backend.kind === 'emqx') {
    return `EMQX at ${backend.url} doesn’t answer, so calls to this deployment fail with 502. Check that it runs and that Latchkey can reach it. ${keys}`
  }
  if (status === 'elsewhere') {
    return `The embedded broker of this deployment runs on another server of this Latchkey, so calls that reach this one fail with 503. This one takes over when that server stops. ${keys}`
  }
  return `The embedded broker isn’t running, so calls to this deployment fail with 502. Look into the server’s log for the reason and restart Latchkey. ${keys}`
}
