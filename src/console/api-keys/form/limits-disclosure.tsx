import { ChevronRight, Lock } from 'lucide-react'
import { useId } from 'react'
import { expiryText } from '../../form/expiry.ts'
import { cx } from '../../ui/text/cx.ts'
import { describeAddresses, parseAddresses } from './addresses.ts'
import { LimitsFields, type LimitsProps } from './limits-fields.tsx'

/** The limits of a key: a summary in one line that expands to the fields. */
export function LimitsDisclosure({
  locked,
  isOpen,
  onOpen,
  ...limits
}: LimitsProps & {
  /** Why they can't be changed, if so. */
  locked: string | undefined
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
}) {
  const id = useId()
  const { now } = limits
  const { expiry, addresses } = limits.form.draft
  const summary = [
    expiry.at === undefined ? 'Expires: not chosen yet' : expiryText(expiry.at, now),
    describeAddresses(parseAddresses(addresses)),
  ].join(' · ')
  const isSet = expiry.at !== null || parseAddresses(addresses).length > 0
  const line = (
    <>
      <span className="font-[550]">Limits</span>
      <span className={cx('min-w-0 flex-1', isSet ? 'text-ink' : 'text-muted')}>{summary}</span>
    </>
  )
  if (locked !== undefined) {
    return (
      <div className="mt-3 flex min-h-8 flex-wrap items-center gap-x-3 rounded-sm border border-line bg-sunken px-3 py-1.5">
        {line}
        <span className="flex items-center gap-1.5 text-sm text-muted">
          <Lock className="size-3.5" />
          {locked}
        </span>
      </div>
    )
  }
  return (
    <div className="mt-3 rounded-sm border border-line">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => onOpen(!isOpen)}
          className={cx(
            'flex min-h-8 w-full items-center gap-x-3 px-3 py-1.5 text-start font-[450] hover:bg-hover',
            isOpen ? 'rounded-t-[6px]' : 'rounded-[6px]',
          )}
        >
          {line}
          <ChevronRight
            className={cx('size-4 text-muted transition-transform', isOpen && 'rotate-90')}
          />
        </button>
      </h3>
      <div id={id} hidden={!isOpen} className="border-t border-line-soft px-3 pt-3 pb-4">
        {isOpen && <LimitsFields {...limits} />}
      </div>
    </div>
  )
}
