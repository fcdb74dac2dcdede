import type { ReactNode } from 'react'

/** A group of radio buttons under its legend, with an error below. */
export function Choices({
  legend,
  error,
  children,
}: {
  legend: string
  error?: string | undefined
  children: ReactNode
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-[550]">{legend}</legend>
      {children}
      {error !== undefined && <p className="mt-1.5 text-sm text-danger-ink">{error}</p>}
    </fieldset>
  )
}
