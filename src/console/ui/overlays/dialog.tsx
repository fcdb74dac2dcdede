import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useRef, type ReactNode, type RefObject } from 'react'
import { IconButton } from '../buttons/button.tsx'
import { useFocusReturn } from '../focus/use-focus-return.ts'
import { cx } from '../text/cx.ts'
import { holdsEscape } from './dialog-dismissal.ts'

/** How people asked to leave a dialog; the dialog's owner decides whether it closes. */
export type CloseReason = 'escape' | 'scrim' | 'close'

const tall =
  'inset-0 [--top:max(1rem,min(12dvh,calc(50dvh-26rem)))] sm:inset-x-4 sm:top-(--top) sm:mx-auto sm:rounded-lg sm:shadow-overlay'

const frames = {
  sm: 'inset-x-4 top-[max(1rem,18dvh)] mx-auto max-h-[calc(82dvh-1rem)] max-w-[26rem] rounded-lg shadow-overlay',
  md: cx(tall, 'sm:max-w-[34rem]'),
  lg: cx(tall, 'sm:max-w-[47.5rem]'),
} as const

const heights = {
  body: 'sm:bottom-auto sm:max-h-[calc(100dvh-2*var(--top))]',
  inside: 'sm:bottom-4 sm:max-h-[51rem]',
} as const

/**
 * A modal dialog, open as long as it is mounted; the whole screen on a phone, but for `sm`.
 * The focus goes to the first control of its body, of radios to the one that is chosen, or to
 * `initialFocus`, and comes back to what opened it.
 *
 * `body` scrolls when it is long. With `scroll="inside"` a part of the body scrolls instead:
 * the body is then a column that fills the dialog's height, and that part needs `min-h-0`.
 */
export function Dialog({
  title,
  subtitle,
  size = 'md',
  scroll = 'body',
  footer,
  initialFocus,
  closeButton = true,
  overDialogs = false,
  onRequestClose,
  children,
}: {
  title: string
  subtitle?: ReactNode
  size?: keyof typeof frames
  scroll?: 'body' | 'inside'
  /** Buttons at the end, what is said about them before. */
  footer?: ReactNode
  initialFocus?: RefObject<HTMLElement | null>
  /** Leave out the X where the footer has a "Close" of its own. */
  closeButton?: boolean
  /** Stands over dialogs that are open already, and dims them as well. */
  overDialogs?: boolean
  onRequestClose: (reason: CloseReason) => void
  children: ReactNode
}) {
  const { content, onCloseAutoFocus } = useFocusReturn()
  const scrim = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  return (
    <Radix.Root open>
      <Radix.Portal>
        <Radix.Overlay
          ref={scrim}
          className={cx('scrim-enter fixed inset-0 bg-scrim', overDialogs ? 'z-60' : 'z-40')}
        />
        <Radix.Content
          ref={content}
          onCloseAutoFocus={onCloseAutoFocus}
          className={cx(
            'overlay-enter fixed flex flex-col bg-overlay text-ink outline-none',
            overDialogs ? 'z-60' : 'z-50',
            frames[size],
            size !== 'sm' && heights[scroll],
          )}
          {...(subtitle === undefined && { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            const target = initialFocus?.current ?? firstControl(body.current)
            if (!target) return
            event.preventDefault()
            target.focus()
          }}
          onEscapeKeyDown={(event) => {
            event.preventDefault()
            if (!holdsEscape(event)) onRequestClose('escape')
          }}
          onInteractOutside={(event) => {
            event.preventDefault()
            // Toasts lie outside as well, and may be gone by the time that this is heard.
            if (event.target === scrim.current) onRequestClose('scrim')
          }}
        >
          <header className="flex items-start gap-4 px-4 pt-4 pb-3 sm:px-6 sm:pt-5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {subtitle !== undefined && (
                <Radix.Description className="mt-0.5 text-muted wrap-anywhere">
                  {subtitle}
                </Radix.Description>
              )}
            </div>
            {closeButton && (
              <IconButton
                label="Close"
                icon={<X className="size-4" />}
                className="-mt-1 -mr-1.5"
                onClick={() => onRequestClose('close')}
              />
            )}
          </header>
          <div
            ref={body}
            className={cx(
              'min-h-0 flex-1 px-4 pt-1 pb-5 sm:px-6',
              scroll === 'body' ? 'scroll-edge overflow-y-auto' : 'flex flex-col',
            )}
          >
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex min-h-15 flex-none flex-wrap items-center justify-end gap-2 border-t border-line-soft px-4 py-3 sm:px-6">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function firstControl(body: Element | null): HTMLElement | null | undefined {
  const first = body?.querySelector<HTMLElement>(
    'input, select, textarea, button, a[href], [tabindex="0"]',
  )
  if (!(first instanceof HTMLInputElement) || first.type !== 'radio') return first
  // A space bar on any other one would choose it.
  const radios = body?.querySelectorAll<HTMLInputElement>('input[type=radio]') ?? []
  return [...radios].find(({ name, checked }) => name === first.name && checked) ?? first
}
