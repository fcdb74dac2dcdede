import { useId, type ReactNode } from 'react'

/** A panel with a heading, a short list and an optional foot. */
export function Sublist({
  title,
  foot,
  children,
}: {
  title: string
  foot?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-4 min-w-0">
      <div className="h-full rounded-md border border-line bg-panel pb-1.5">
        <h3 id={id} className="px-4 pt-3 pb-1 font-[550]">
          {title}
        </h3>
        {children}
        {foot && <div className="px-4 py-1.5 text-sm text-muted">{foot}</div>}
      </div>
    </section>
  )
}
