import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

// Test files share one document: each test leaves it, and the globals, as it found them.
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})
