import { Search, X } from 'lucide-react'
import { useRef, type ComponentProps } from 'react'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

type SearchInputProps = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> & {
  /** The accessible name, such as "Search API keys". */
  label: string
  value: string
  onChange: (value: string) => void
}

/** A search box; its button and Esc clear it. */
export function SearchInput({
  label,
  value,
  onChange,
  onKeyDown,
  className,
  ...props
}: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    // A size and a layer of its own, so that a key lays out and paints nothing around it.
    <div className={cx('relative h-8 will-change-transform [contain:layout_size]', className)}>
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <input
        autoComplete="off"
        spellCheck={false}
        {...props}
        ref={input}
        type="search"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event)
          if (event.key === 'Escape' && value !== '') {
            event.stopPropagation()
            onChange('')
          }
        }}
        className="control border-line-strong px-8"
      />
      <IconButton
        label="Clear search"
        size={28}
        // There from the start: to make it would slow down the first key.
        hidden={value === ''}
        className="!absolute top-0.5 right-0.5"
        icon={<X className="size-3.5" />}
        onClick={() => {
          onChange('')
          input.current?.focus()
        }}
      />
    </div>
  )
}
