import {
  useEffect,
  useId,
  useRef,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react'
import { cx } from '../text/cx.ts'
import { placeBeside, type Side } from './place-beside.ts'

const OPEN_AFTER = 350
const OPEN_ON_FOCUS_AFTER = 100
const CLOSE_AFTER = 80

/** What goes on the element that a tooltip belongs to. */
export type TooltipTrigger = {
  'aria-describedby'?: string
  onPointerEnter: (event: PointerEvent<HTMLElement>) => void
  onPointerLeave: () => void
  onPointerDown: () => void
  onFocus: (event: FocusEvent<HTMLElement>) => void
  onBlur: () => void
}

/**
 * A short text beside an element on hover and keyboard focus. It lives in the browser's top
 * layer, so that no dialog or scroll area cuts it off; Esc hides it and it can be hovered
 * (WCAG 1.4.13). `describes: false` is for text that only repeats the element's name.
 */
export function useTooltip(
  text: string | undefined,
  { describes = true, side = 'above' }: { describes?: boolean; side?: Side } = {},
): { trigger: TooltipTrigger; bubble: ReactElement | null; show: (anchor: Element) => void } {
  const id = useId()
  // What describes nothing is only drawn once it may be shown: long lists have hundreds.
  const [isWanted, setIsWanted] = useState(false)
  const bubble = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function show(anchor: Element): void {
    const element = bubble.current
    if (!element?.isConnected || !anchor.isConnected) return
    element.showPopover()
    placeBeside(element, anchor, side)
    document.addEventListener('keydown', hideOnEscape)
    document.addEventListener('scroll', hide, { capture: true, once: true })
  }

  function hide(): void {
    clearTimeout(timer.current)
    document.removeEventListener('keydown', hideOnEscape)
    if (bubble.current?.isConnected) bubble.current.hidePopover()
  }

  function hideOnEscape(event: KeyboardEvent): void {
    if (event.key === 'Escape') hide()
  }

  function hideSoon(): void {
    clearTimeout(timer.current)
    timer.current = setTimeout(hide, CLOSE_AFTER)
  }

  return {
    show,
    trigger: {
      ...(text !== undefined && describes && { 'aria-describedby': id }),
      onPointerEnter(event) {
        if (event.pointerType === 'touch') return
        setIsWanted(true)
        const anchor = event.currentTarget
        clearTimeout(timer.current)
        timer.current = setTimeout(() => show(anchor), OPEN_AFTER)
      },
      onPointerLeave: hideSoon,
      onPointerDown: hide,
      onFocus(event) {
        const anchor = event.currentTarget
        if (!anchor.matches(':focus-visible')) return
        setIsWanted(true)
        // Later, since a closing popover gives the focus back in the middle of its closing.
        clearTimeout(timer.current)
        timer.current = setTimeout(() => show(anchor), OPEN_ON_FOCUS_AFTER)
      },
      onBlur: hide,
    },
    bubble:
      text === undefined || !(describes || isWanted) ? null : (
        <span
          ref={bubble}
          id={id}
          popover="manual"
          className="tooltip"
          // What only repeats a name is no text of the page: it would be found twice.
          {...(describes
            ? { role: 'tooltip', children: text }
            : { 'aria-hidden': true, 'data-text': text })}
          onPointerEnter={() => clearTimeout(timer.current)}
          onPointerLeave={hideSoon}
        />
      ),
  }
}

/** Text whose reason shows on hover, focus and tap; reads as the text, described by the reason. */
export function Hint({
  reason,
  quiet = false,
  children,
}: {
  reason: string
  /** Without the dots, where every row of a list has one. */
  quiet?: boolean
  children: ReactNode
}) {
  const { trigger, bubble, show } = useTooltip(reason)
  return (
    <>
      <button
        type="button"
        {...trigger}
        onClick={(event) => show(event.currentTarget)}
        className={cx(
          'rounded-xs',
          quiet
            ? 'cursor-default'
            : 'underline decoration-line-strong decoration-dotted underline-offset-4',
        )}
      >
        {children}
      </button>
      {bubble}
    </>
  )
}
