import { useEffect, useRef, useState } from 'react'
import { closed, type Flow } from './flow.ts'

/** Where the work on keys is, and where the focus goes when it is done. */
export function useFlow() {
  const [flow, setFlow] = useState<Flow>(closed)
  const heading = useRef<HTMLHeadingElement>(null)
  const returnTo = useRef<Element | null>(null)

  useEffect(() => {
    if (flow.step !== 'closed' || !returnTo.current) return undefined
    // After the dialog, which gives the focus back in a timer to what may be gone by now.
    const timer = setTimeout(() => {
      const target = returnTo.current
      returnTo.current = null
      if (target instanceof HTMLElement && target.isConnected) target.focus()
      else heading.current?.focus()
    })
    return () => clearTimeout(timer)
  }, [flow])

  return {
    flow,
    heading,
    start: (next: Flow) => {
      returnTo.current ??= document.activeElement
      setFlow(next)
    },
    follow: setFlow,
    /** For work that takes away what it was started from. */
    focusHeadingNext: () => {
      returnTo.current = heading.current
    },
  }
}
