import { useEffect, useState } from 'react'
import { announce } from '../ui/feedback/announce.ts'
import { formatQuantity } from '../ui/text/format.ts'

/** Counts seconds down to zero; `start` restarts it. */
export function useWait(): { left: number; start: (seconds: number) => void } {
  const [until, setUntil] = useState<number>()
  const [now, setNow] = useState(0)
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1000))

  useEffect(() => {
    if (until === undefined) return undefined
    const timer = setInterval(() => {
      const time = Date.now()
      setNow(time)
      if (time < until) return
      setUntil(undefined)
      announce('You can try again now.')
    }, 250)
    return () => clearInterval(timer)
  }, [until])

  return {
    left,
    start: (seconds) => {
      const time = Date.now()
      setNow(time)
      setUntil(time + seconds * 1000)
    },
  }
}

/** A wait in words: "25 seconds", "2 minutes 5 seconds". */
export function waitText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  return [
    ...(minutes > 0 ? [formatQuantity(minutes, 'minute')] : []),
    ...(rest > 0 || minutes === 0 ? [formatQuantity(rest, 'second')] : []),
  ].join(' ')
}
