import type { ComponentProps, ReactNode } from 'react'

/** A radio button with room for a sentence about the choice. */
export function ChoiceCard({
  title,
  children,
  ...input
}: Omit<ComponentProps<'input'>, 'type'> & { title: string; children: ReactNode }) {
  return (
    <label className="relative flex cursor-pointer gap-2.5 rounded-sm border border-line-strong bg-panel px-3 py-2.5 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft/40 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring">
      <input {...input} type="radio" className="radio mt-0.5 outline-none" />
      <span className="min-w-0">
        <span className="block font-[550]">{title}</span>
        <span className="block text-sm text-pretty text-muted">{children}</span>
      </span>
    </label>
  )
}
