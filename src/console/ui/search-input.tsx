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
    <div className={cx('relative', className)}>
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
      {value !== '' && (
        <IconButton
          label="Clear search"
          size={28}
          className="!absolute top-0.5 right-0.5"
          icon={<X className="size-3.5" />}
          onClick={() => {
            onChange('')
            input.current?.focus()
          }}
        />
      )}
    </div>
  )
}
