import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { IconButton } from '../buttons/button.tsx'
import { dismissToast, subscribeToToasts, toasts } from './toast-store.ts'

/**
 * Where toasts show; mounted once, in the shell. The middle of the window's top is free of
 * buttons: dialogs have theirs at the end and in the corner, pages theirs beside.
 */
export function Toasts() {
  const shown = useSyncExternalStore(subscribeToToasts, toasts)
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed top-2 right-12 left-4 z-70 flex flex-col items-center gap-2 sm:left-12"
    >
      {shown.map(({ id, tone, text }) => (
        <div
          key={id}
          className="overlay-enter pointer-events-auto flex w-full max-w-96 items-start gap-2.5 rounded-md bg-overlay py-2.5 pr-2 pl-3.5 text-ink shadow-overlay"
        >
          {tone === 'danger' ? (
            <TriangleAlert className="mt-0.5 size-4 text-danger-ink" />
          ) : (
            <CircleCheck className="mt-0.5 size-4 text-ok-ink" />
          )}
          <p className="min-w-0 flex-1 text-pretty wrap-anywhere">{text}</p>
          <IconButton
            label="Dismiss"
            size={24}
            className="-my-0.5"
            icon={<X className="size-3.5" />}
            onClick={() => dismissToast(id)}
          />
        </div>
      ))}
    </section>
  )
}
