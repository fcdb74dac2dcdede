import { Ellipsis } from 'lucide-react'
import {
  createContext,
  useContext,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { createPortal, flushSync } from 'react-dom'
import { IconButton } from '../buttons/button.tsx'
import { cx } from '../text/cx.ts'
import { placeBeside } from './place-beside.ts'
import { useTooltip } from './tooltip.tsx'

/** One action of a menu; its label is its accessible name. */
export type MenuItem = {
  label: string
  icon?: ReactNode
  onSelect: () => void
  tone?: 'danger'
  /** Why it does nothing now. It stays in the menu and tells on hover, focus and press. */
  disabledReason?: string | undefined
}

type Owner = {
  /** What tells why an item is disabled lies beside the menu: in it may be nothing but items. */
  reasons: Element | null
  close: () => void
}
const OwnerContext = createContext<Owner>({ reasons: null, close: () => {} })

/** The items of the menu around them. */
export function MenuItems({ items }: { items: readonly MenuItem[] }) {
  const { reasons, close } = useContext(OwnerContext)
  return items.map((item) => (
    <Entry key={item.label} item={item} reasons={reasons} onClose={close} />
  ))
}

/**
 * A button with a menu of actions (the ARIA menu button pattern): arrow keys, Home, End and
 * first letters move, Esc and Tab leave, the focus comes back to the button. The browser's
 * own popover closes it on a click elsewhere and keeps it above everything.
 */
export function Menu({
  label,
  items,
  children,
  heading,
  face,
}: {
  /** The menu's accessible name, and that of the three dots, such as "Actions for k4f1c09ae2b7". */
  label: string
  items?: readonly MenuItem[]
  /** Draws its {@link MenuItems} itself, when it opens: for menus of which there are many. */
  children?: ReactNode
  /** Stands above the items. */
  heading?: ReactNode
  /** What the button shows in place of three dots; its text is the button's name. */
  face?: { className: string; content: ReactNode }
}) {
  const [isOpen, setIsOpen] = useState(false)
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  const [reasons, setReasons] = useState<Element | null>(null)
  const id = useId()

  function open(): void {
    if (!menu.current || !button.current) return
    // The items must be there to be measured and focused.
    flushSync(() => setIsOpen(true))
    menu.current.showPopover()
    placeBeside(menu.current, button.current, 'below')
    itemsOf(menu.current)[0]?.focus()
  }

  function close(): void {
    menu.current?.hidePopover()
    button.current?.focus()
  }

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Tab') return close()
    const all = itemsOf(event.currentTarget)
    const at = all.findIndex((one) => one === document.activeElement)
    const to = targetOf(event.key, at, all)
    if (to === undefined) return
    event.preventDefault()
    all[to]?.focus()
  }

  function openByArrow(event: KeyboardEvent<HTMLButtonElement>): void {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    open()
  }

  const shared = {
    'aria-haspopup': 'menu',
    'aria-expanded': isOpen,
    'aria-controls': id,
    // A press on the button closes an open menu before its click arrives.
    onPointerDown: () => {
      wasOpen.current = isOpen
    },
    onClick: () => {
      if (!wasOpen.current) open()
      wasOpen.current = false
    },
    onKeyDown: openByArrow,
  } as const

  return (
    <>
      {face ? (
        <button ref={button} type="button" className={face.className} {...shared}>
          {face.content}
        </button>
      ) : (
        <IconButton ref={button} label={label} icon={<Ellipsis className="size-4" />} {...shared} />
      )}
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="menu"
        onToggle={(event) => {
          // React passes on what a tooltip inside does as well.
          if (event.target === event.currentTarget) setIsOpen(event.newState === 'open')
        }}
      >
        {isOpen && heading}
        <div role="menu" aria-label={label} tabIndex={-1} onKeyDown={move}>
          {isOpen && (
            <OwnerContext value={{ reasons, close }}>
              {items ? <MenuItems items={items} /> : children}
            </OwnerContext>
          )}
        </div>
        <div ref={setReasons} />
      </div>
    </>
  )
}

function Entry({
  item: { label, icon, onSelect, tone, disabledReason },
  reasons,
  onClose,
}: {
  item: MenuItem
  reasons: Element | null
  onClose: () => void
}) {
  const { trigger, bubble, show } = useTooltip(disabledReason, { side: 'before' })
  const isDisabled = disabledReason !== undefined
  return (
    <>
      <button
        {...(isDisabled && trigger)}
        type="button"
        role="menuitem"
        tabIndex={-1}
        aria-disabled={isDisabled || undefined}
        className={cx(
          'flex h-7 w-full items-center gap-2 rounded-xs px-2 text-start outline-none',
          tone === 'danger' && !isDisabled
            ? 'text-danger-ink hover:bg-danger-soft focus:bg-danger-soft'
            : 'hover:bg-hover focus:bg-hover',
        )}
        onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
        onClick={(event) => {
          if (isDisabled) return show(event.currentTarget)
          onClose()
          onSelect()
        }}
      >
        <span className={cx('flex items-center gap-2', isDisabled && 'opacity-50')}>
          {icon}
          {label}
        </span>
      </button>
      {isDisabled && reasons && createPortal(bubble, reasons)}
    </>
  )
}

function itemsOf(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

function targetOf(key: string, at: number, all: readonly HTMLElement[]): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % all.length
  if (key === 'ArrowUp') return (at - 1 + all.length) % all.length
  if (key === 'Home') return 0
  if (key === 'End') return all.length - 1
  if (key.length !== 1 || key === ' ') return undefined
  const order = all.map((_, index) => (at + 1 + index) % all.length)
  return order.find((index) =>
    all[index]?.textContent.trim().toLowerCase().startsWith(key.toLowerCase()),
  )
}
