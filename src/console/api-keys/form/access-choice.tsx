import { ShieldAlert } from 'lucide-react'
import { useId } from 'react'
import type { Access } from '../../../contract/access/access.ts'
import { cx } from '../../ui/text/cx.ts'

const choices = [
  { mode: 'list', label: 'Chosen endpoints' },
  { mode: 'full', label: 'Full access' },
] as const

/** Chooses between a list of endpoints and full access; ticking all endpoints isn't full access. */
export function AccessChoice({
  mode,
  onChange,
}: {
  mode: Access['mode']
  onChange: (mode: Access['mode']) => void
}) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label="Access" className="flex flex-wrap gap-x-5 gap-y-1">
      {choices.map((choice) => (
        <label
          key={choice.mode}
          className={cx(
            'inline-flex h-6 cursor-pointer items-center gap-2',
            choice.mode === mode ? 'text-ink' : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            className="radio"
            checked={choice.mode === mode}
            onChange={() => onChange(choice.mode)}
          />
          {choice.label}
          {choice.mode === 'full' && <ShieldAlert className="size-3.5 text-warn-ink" />}
        </label>
      ))}
    </div>
  )
}
