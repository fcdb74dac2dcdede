import { Check, Copy, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { announce } from '../feedback/announce.ts'
import { cx } from '../text/cx.ts'
import { IconButton } from './button.tsx'
import { copyText, selectContents } from './copy-text.ts'

const SHOWN_FOR = 1800

/**
 * Copies `value` with one click and shows whether that worked. Where it didn't, the text in
 * `source` gets selected, so that people can copy it themselves.
 */
export function CopyButton({
  value,
  label,
  source,
  onCopied,
  className,
}: {
  value: string
  /** What gets copied, as in "Copy App ID k4f1c09ae2b7". */
  label: string
  source?: RefObject<Element | null>
  /** The text is in the clipboard now. */
  onCopied?: () => void
  className?: string
}) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  async function copy(): Promise<void> {
    const copied = await copyText(value)
    if (copied) onCopied?.()
    else if (source?.current) selectContents(source.current)
    setOutcome(copied ? 'copied' : 'failed')
    announce(copied ? 'Copied' : 'The browser refused to copy. Select the text and copy it.')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setOutcome(undefined), SHOWN_FOR)
  }

  return (
    <span className={cx('relative inline-flex', className)}>
      <IconButton
        label={label}
        size={24}
        onClick={() => void copy()}
        icon={
          outcome === 'copied' ? (
            <Check className="size-3.5 text-ok-ink" />
          ) : outcome === 'failed' ? (
            <TriangleAlert className="size-3.5 text-danger-ink" />
          ) : (
            <Copy className="size-3.5" />
          )
        }
      />
      {outcome === 'failed' && (
        <span
          aria-hidden
          className="absolute top-full right-0 z-10 mt-1 rounded-xs bg-ink px-2 py-1 text-sm whitespace-nowrap text-panel"
        >
          Not copied: copy the selected text
        </span>
      )}
    </span>
  )
}

/** Text that copies with one click: the text itself, selectable, and a button after it. */
export function CopyText({ value, label }: { value: string; label: string }) {
  const source = useRef<HTMLSpanElement>(null)
  return (
    <span className="inline-flex min-w-0 items-center gap-1 font-mono text-sm">
      <span ref={source} className="min-w-0 wrap-anywhere">
        {value}
      </span>
      <CopyButton value={value} label={label} source={source} className="-my-1 flex-none" />
    </span>
  )
}
