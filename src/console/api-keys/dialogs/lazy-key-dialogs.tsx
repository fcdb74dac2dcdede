import type { ComponentProps, RefObject } from 'react'
import { FocusReturn } from '../../ui/focus/focus-return.ts'
import { lazyDialog } from '../../ui/lazy/lazy-dialog.tsx'
import { noDialog } from '../data/key-dialog.ts'
import type { KeyDialogs } from './key-dialogs.tsx'

/** Fetches the code of the dialogs; rejects if that fails. */
export const loadKeyDialogs = () => import('./key-dialogs.tsx')

const LazyDialogs = lazyDialog(async () => (await loadKeyDialogs()).KeyDialogs)

/** Fetches the code of the dialogs ahead of time. */
export const preloadKeyDialogs = LazyDialogs.preload

/** The open dialog of a deployment's keys, if any; its code is fetched when the first one opens. */
export function LazyKeyDialogs({
  focusReturn,
  ...props
}: ComponentProps<typeof KeyDialogs> & {
  /** Takes the focus after a dialog whose opener is gone. */
  focusReturn: RefObject<HTMLElement | null>
}) {
  if (props.dialog.kind === 'closed') return null
  return (
    <FocusReturn value={focusReturn}>
      <LazyDialogs {...props} onLoadError={() => props.onDialog(noDialog)} />
    </FocusReturn>
  )
}
