import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { copyText } from './copy-text.ts'

const SECRET = 'lks_Zx81'

/** What `execCommand('copy')` does in a browser: a copy event of the selection, then an answer. */
function browserCopies({ fires = true, answers = true } = {}) {
  const copied: string[] = []
  const execCommand = vi.fn<() => boolean>(() => {
    if (fires) {
      const event = new Event('copy', { bubbles: true, cancelable: true })
      const clipboardData = { setData: (_type: string, text: string) => copied.push(text) }
      Object.defineProperty(event, 'clipboardData', { value: clipboardData })
      document.activeElement?.dispatchEvent(event)
    }
    return answers
  })
  Object.defineProperty(document, 'execCommand', { value: execCommand, configurable: true })
  return { copied, execCommand }
}

function clipboard(writeText: ((text: string) => Promise<void>) | undefined) {
  Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true })
  Object.defineProperty(navigator, 'clipboard', {
    value: writeText && { writeText },
    configurable: true,
  })
}

beforeEach(() => {
  document.body.innerHTML = '<div role="dialog"><button>Copy</button></div>'
  document.querySelector('button')?.focus()
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'clipboard')
  Reflect.deleteProperty(document, 'execCommand')
  Reflect.deleteProperty(window, 'isSecureContext')
})

describe('copyText', () => {
  test('uses the clipboard API where it works', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined)
    clipboard(writeText)
    const { execCommand } = browserCopies()
    expect(await copyText(SECRET)).toBe(true)
    expect(writeText).toHaveBeenCalledWith(SECRET)
    expect(execCommand).not.toHaveBeenCalled()
  })

  test.each([
    ['absent, as over plain HTTP', undefined],
    ['refused', () => Promise.reject(new DOMException('no', 'NotAllowedError'))],
  ])('copies through a selection where the clipboard API is %s', async (_, writeText) => {
    clipboard(writeText)
    const { copied } = browserCopies()
    expect(await copyText(SECRET)).toBe(true)
    expect(copied).toEqual([SECRET])
  })

  test('makes the selection inside the dialog that holds the focus, and gives the focus back', async () => {
    clipboard(undefined)
    browserCopies()
    let home: Element | null | undefined
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLTextAreaElement) home = target.parentElement
    })
    await copyText(SECRET)
    expect(home).toBe(document.querySelector('[role=dialog]'))
    expect(document.activeElement).toBe(document.querySelector('button'))
  })

  test('leaves nothing of the text in the page', async () => {
    clipboard(undefined)
    browserCopies()
    await copyText(SECRET)
    expect(document.querySelector('textarea')).toBeNull()
  })

  test.each([
    ['the browser answers no', { answers: false }],
    ['the browser answers yes but takes nothing', { fires: false }],
  ])('says that it failed when %s', async (_, behaviour) => {
    clipboard(undefined)
    browserCopies(behaviour)
    expect(await copyText(SECRET)).toBe(false)
    expect(document.querySelector('textarea')).toBeNull()
  })

  test('says that it failed when the browser knows no copying at all', async () => {
    clipboard(undefined)
    expect(await copyText(SECRET)).toBe(false)
  })
})
