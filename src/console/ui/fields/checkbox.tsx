import type { ChangeEvent, ReactNode } from 'react'
import { cx } from '../text/cx.ts'

type CheckboxProps = {
  /** `mixed` shows that only some of what it stands for is on; a click then asks for all. */
  checked: boolean | 'mixed'
  onChange: (checked: boolean) => void
  disabled?: boolean | undefined
  id?: string
  className?: string
  'aria-describedby'?: string | undefined
  tabIndex?: number
} & ({ children: ReactNode } | { 'aria-label': string } | { 'aria-labelledby': string })

/** A check box with three states; name it by its label (`children`) or an aria attribute. */
export function Checkbox({ checked, onChange, className, ...props }: CheckboxProps) {
  const children = 'children' in props ? props.children : undefined
  const input = (
    <input
      id={props.id}
      type="checkbox"
      className={cx('checkbox', !children && className)}
      checked={checked === true}
      ref={(element) => {
        if (element) element.indeterminate = checked === 'mixed'
      }}
      onChange={(event: ChangeEvent<HTMLInputElement>) => onChange(event.target.checked)}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      aria-label={'aria-label' in props ? props['aria-label'] : undefined}
      aria-labelledby={'aria-labelledby' in props ? props['aria-labelledby'] : undefined}
      aria-describedby={props['aria-describedby']}
    />
  )
  if (children === undefined) return input
  return (
    <label className={cx('inline-flex cursor-pointer items-center gap-2', className)}>
      {input}
      {children}
    </label>
  )
}
