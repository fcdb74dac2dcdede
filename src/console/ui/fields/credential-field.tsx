import { useId, useRef } from 'react'
import { CopyButton } from '../buttons/copy-button.tsx'
import { selectContents } from '../buttons/copy-text.ts'

/** One half of the credentials: in full, wrapped, selected by a click or by tabbing to it. */
export function CredentialField({
  label,
  value,
  onCopied,
}: {
  label: string
  value: string
  onCopied?: () => void
}) {
  const id = useId()
  const text = useRef<HTMLDivElement>(null)
  return (
    <div>
      <div id={id} className="mb-1.5 font-[550]">
        {label}
      </div>
      <div className="flex items-start gap-1 rounded-sm border border-line-strong bg-sunken py-1 pr-1 pl-2.5">
        <div
          ref={text}
          // Not a textarea: this one wraps, grows and selects like the text it is.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="textbox"
          aria-readonly
          aria-multiline
          aria-labelledby={id}
          tabIndex={0}
          onFocus={(event) => selectContents(event.currentTarget)}
          className="my-0.5 min-w-0 flex-1 rounded-xs font-mono text-sm/5 break-all select-all"
        >
          {value}
        </div>
        <CopyButton
          value={value}
          label={`Copy ${label}`}
          source={text}
          {...(onCopied && { onCopied })}
        />
      </div>
    </div>
  )
}
