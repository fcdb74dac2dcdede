import { createContext, type RefObject } from 'react'

/**
 * What gets the focus when a dialog below closes, in place of what it was opened from: for work
 * that takes away what it was started from. It holds for one closing.
 */
export const FocusReturn = createContext<RefObject<HTMLElement | null> | undefined>(undefined)
