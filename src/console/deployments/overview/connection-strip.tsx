import { useId, useRef, type ReactNode } from 'react'
import type { Deployment, Listener } from '../../../contract/deployments/schemas.ts'
import { CopyButton } from '../../ui/buttons/copy-button.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { cx } from '../../ui/text/cx.ts'

/** Where clients and scripts connect; each address copies with one click. */
export function ConnectionStrip({ deployment }: { deployment: Deployment }) {
  const { host, listeners } = deployment.connection
  return (
    <Strip>
      {host !== '' && (
        <Cell label="Address">
          {(labelledBy) => <Copyable value={host} name="address" labelledBy={labelledBy} />}
        </Cell>
      )}
      {listeners.length > 0 && (
        <Cell label="Ports" grow>
          {(labelledBy) => (
            <ul aria-labelledby={labelledBy} className="flex flex-wrap gap-x-5">
              {listeners.map((listener) => (
                <li key={`${listener.protocol}:${listener.port}${listener.path ?? ''}`}>
                  <Port host={host} listener={listener} />
                </li>
              ))}
            </ul>
          )}
        </Cell>
      )}
      <Cell label="API base URL" grow>
        {(labelledBy) => (
          <Copyable value={deployment.apiBaseUrl} name="API base URL" labelledBy={labelledBy} />
        )}
      </Cell>
    </Strip>
  )
}

function Copyable({
  value,
  name,
  labelledBy,
}: {
  value: string
  name: string
  labelledBy: string
}) {
  const source = useRef<HTMLSpanElement>(null)
  return (
    <span>
      <span
        ref={source}
        // Selectable text with a name of its own; a fieldset is for controls.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="group"
        aria-labelledby={labelledBy}
        className="pr-7 wrap-anywhere"
      >
        {value}
      </span>
      <CopyButton
        value={value}
        label={`Copy ${name}`}
        source={source}
        // Without a width of its own it never stands alone in the next line.
        className="-my-1 -ml-6 align-middle"
      />
    </span>
  )
}

function Port({ host, listener }: { host: string; listener: Listener }) {
  const source = useRef<HTMLSpanElement>(null)
  const { protocol, port, path = '', enabled } = listener
  const address = `${protocol}://${host}:${port}${path}`
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span
        aria-hidden
        className={cx(
          'size-[7px] flex-none rounded-full',
          enabled ? 'bg-ok' : 'ring-[1.5px] ring-faint ring-inset',
        )}
      />
      <span ref={source} className="min-w-0 wrap-anywhere">
        <span className={cx(!enabled && 'text-muted line-through')}>{port}</span>
        <span className="text-muted">{path}</span> <span className="text-muted">{protocol}</span>
      </span>
      <span className={cx('font-sans text-muted', enabled && 'sr-only')}>
        {enabled ? 'open' : 'closed'}
      </span>
      <CopyButton value={address} label={`Copy ${address}`} source={source} className="-my-1" />
    </span>
  )
}

function Strip({ children }: { children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-panel">
      <dl aria-label="Connection" className="-mt-px -ml-px flex flex-wrap">
        {children}
      </dl>
    </div>
  )
}

function Cell({
  label,
  grow = false,
  children,
}: {
  label: string
  grow?: boolean
  children: (labelledBy: string) => ReactNode
}) {
  const id = useId()
  return (
    <div
      className={cx(
        'min-w-0 border-t border-l border-line-soft px-3 py-3 sm:px-4',
        grow ? 'flex-[1_1_18rem]' : 'flex-[0.5_1_13rem]',
      )}
    >
      <dt id={id} className="text-sm text-muted">
        {label}
      </dt>
      <dd className="mt-0.5 min-h-6 font-mono text-sm leading-6">{children(id)}</dd>
    </div>
  )
}

/** Stands in for the connection until it is there, in its size. */
export function ConnectionSkeleton() {
  return (
    <Strip>
      {['Address', 'Ports', 'API base URL'].map((label) => (
        <Cell key={label} label={label} grow={label !== 'Address'}>
          {() => (
            <span className="flex h-6 items-center">
              <Skeleton className="h-3 w-40 max-w-full" />
            </span>
          )}
        </Cell>
      ))}
    </Strip>
  )
}
