import { useEffect, useState } from 'react'

// Longer than between two keys of a quick typist, so that rows are filtered between words.
const REST = 150

/**
 * What is made of a typed text once the typing rests for a moment: the work that follows
 * from it never stands between a key and its character.
 */
export function useSettled<Result>(text: string, make: (text: string) => Result): Result {
  const [result, setResult] = useState(() => make(text))
  useEffect(() => {
    const timer = setTimeout(() => setResult(make(text)), REST)
    return () => clearTimeout(timer)
  }, [text, make])
  return result
}
