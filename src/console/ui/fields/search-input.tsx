import { Search, X } from 'lucide-react'
import { useLayoutEffect, useRef, type ComponentProps } from 'react'
import { IconButton } from '../buttons/button.tsx'
import { cx } from '../text/cx.ts'

type SearchInputProps = Omit<
  ComponentProps<'input'>,
  'value' | 'defaultValue' | 'onChange' | 'type'
> & {
  /** The accessible name, such as "Search API keys". */
  label: string
  /** Also what tells an empty box from others, so it can't be left out. */
  placeholder: string
  /** The text at first, and once more whenever it becomes another one. */
  value?: string
  onChange: (value: string) => void
}

/** A search box; its button and Esc clear it. It keeps its text itself: no key renders it. */
export function SearchInput({
  label,
  value = '',
  onChange,
  onKeyDown,
  className,
  ...props
}: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (input.current) input.current.value = value
  }, [value])

  function clear(box: HTMLInputElement): void {
    box.value = ''
    onChange('')
    box.focus()
  }

  return (
    // A layer of its own, and a box that nothing around it depends on: a key lays out and paints
    // what is in the box alone.
    <div className={cx('relative h-8 will-change-transform', className)}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...props}
        ref={input}
        type="search"
        aria-label={label}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event)
          if (event.key === 'Escape' && event.currentTarget.value !== '') {
            event.stopPropagation()
            clear(event.currentTarget)
          }
        }}
        className="control peer border-line-strong px-8 [contain:strict]"
      />
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <IconButton
        label="Clear search"
        size={28}
        className="!absolute top-0.5 right-0.5 peer-placeholder-shown:hidden"
        icon={<X className="size-3.5" />}
        onClick={() => {
          if (input.current) clear(input.current)
        }}
      />
    </div>
  )
}
