import { useEffect, useRef, useState } from 'react'

const DEBOUNCE_MS = 200

/** A text field over a value in the URL, which it sets debounced; clearing it takes effect at once. */
export function useDebouncedText(
  value: string,
  commit: (text: string) => Promise<void>,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  async function settle(text: string): Promise<void> {
    await commit(text)
    // Unless the user has typed more meanwhile.
    setTyped((current) => (current === text ? undefined : current))
  }

  function change(text: string): void {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void settle(text), text === '' ? 0 : DEBOUNCE_MS)
  }

  return [typed ?? value, change]
}
