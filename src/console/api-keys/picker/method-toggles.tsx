import type { Method } from '../../../contract/catalog/operation.ts'
import { cx } from '../../ui/text/cx.ts'

/** Toggle buttons that filter by method; none pressed means all. */
export function MethodToggles({
  methods,
  pressed,
  onChange,
}: {
  methods: readonly Method[]
  pressed: ReadonlySet<Method>
  onChange: (pressed: ReadonlySet<Method>) => void
}) {
  function toggle(method: Method): void {
    const next = new Set(pressed)
    if (!next.delete(method)) next.add(method)
    onChange(next)
  }

  return (
    <fieldset
      aria-label="Show methods"
      className="flex min-w-0 flex-none rounded-sm border border-line-strong"
    >
      {methods.map((method) => (
        <button
          key={method}
          type="button"
          aria-pressed={pressed.has(method)}
          onClick={() => toggle(method)}
          className={cx(
            'h-[1.875rem] flex-1 border-line px-3 font-mono text-xs font-semibold not-first:border-l first:rounded-l-[6px] last:rounded-r-[6px]',
            pressed.has(method)
              ? 'bg-selected text-ink'
              : 'text-muted hover:bg-hover hover:text-ink',
          )}
        >
          {method}
        </button>
      ))}
    </fieldset>
  )
}
