import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

// Files of tests share a page: nothing of one is there when the next begins.
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})
