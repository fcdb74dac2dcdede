import { useEffect, useRef, useState } from 'react'

const TYPING_PAUSE_MS = 200

/** A text field that follows a value in the URL, and sets it after a pause in typing. */
export function useTypedText(
  value: string,
  commit: (text: string) => Promise<void>,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  async function settle(text: string): Promise<void> {
    await commit(text)
    // Unless more was typed meanwhile.
    setTyped((current) => (current === text ? undefined : current))
  }

  function change(text: string): void {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void settle(text), text === '' ? 0 : TYPING_PAUSE_MS)
  }

  return [typed ?? value, change]
}
