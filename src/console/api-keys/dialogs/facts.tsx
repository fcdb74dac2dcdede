import type { ReactNode } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'

/** A box of facts in a dialog; its children are `Fact`s. */
export function FactList({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-sm border border-line-soft bg-sunken px-3 py-2 text-ink">
      {children}
    </dl>
  )
}

/** One name and value of a `FactList`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-h-5">{children}</dd>
    </>
  )
}

/** A key in a sentence: its App ID, and its note in parentheses. */
export function KeyName({ apiKey: { appId, note } }: { apiKey: ApiKey }) {
  return (
    <>
      <span className="font-mono text-sm text-ink">{appId}</span>
      {note !== '' && ` (${note})`}
    </>
  )
}
