import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { useRef, useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { ConfirmDialog } from '../overlays/confirm-dialog.tsx'
import { Dialog } from '../overlays/dialog.tsx'
import { FocusReturn } from './focus-return.ts'

afterEach(cleanup)

/** A list whose one row opens a dialog, which leads to a question. */
function Page() {
  const [step, setStep] = useState<'closed' | 'form' | 'question'>('closed')
  const [hasRow, setHasRow] = useState(true)
  const heading = useRef<HTMLHeadingElement>(null)
  const focusReturn = useRef<HTMLElement>(null)
  return (
    <main tabIndex={-1}>
      <h1 ref={heading} tabIndex={-1}>
        Rows
      </h1>
      {hasRow && <button onClick={() => setStep('form')}>Open</button>}
      <FocusReturn value={focusReturn}>
        {step === 'form' && (
          <Dialog title="Form" onRequestClose={() => setStep('closed')}>
            <button onClick={() => setStep('question')}>Next</button>
            <button onClick={() => setHasRow(false)}>Take the row</button>
          </Dialog>
        )}
        {step === 'question' && (
          <ConfirmDialog
            title="Sure?"
            confirmLabel="Delete"
            onCancel={() => setStep('closed')}
            onConfirm={() => {
              focusReturn.current = heading.current
              setStep('closed')
            }}
          >
            All of it.
          </ConfirmDialog>
        )}
      </FocusReturn>
    </main>
  )
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const hasFocus = (element: Element) => waitFor(() => expect(document.activeElement).toBe(element))

function open(): HTMLElement {
  render(<Page />)
  const opener = screen.getByRole('button', { name: 'Open' })
  opener.focus()
  fireEvent.click(opener)
  return opener
}

/** Goes on by a button that has the focus, as a press on it gives it. */
function goOn(): void {
  screen.getByRole('button', { name: 'Next' }).focus()
  press('Next')
}

test('the focus comes back to what opened the dialog', async () => {
  const opener = open()
  press('Close')
  await hasFocus(opener)
})

test('a dialog that followed another gives it back to what opened the first', async () => {
  const opener = open()
  goOn()
  press('Cancel')
  await hasFocus(opener)
})

test('work that takes away its origin says where the focus goes, for one closing', async () => {
  const opener = open()
  goOn()
  const form = screen.getByRole('button', { name: 'Delete' }).closest('form')
  if (form) fireEvent.submit(form)
  await hasFocus(screen.getByRole('heading', { name: 'Rows' }))
  opener.focus()
  fireEvent.click(opener)
  press('Close')
  await hasFocus(opener)
})

test('that it said so is over as well when somebody has put the focus elsewhere by then', async () => {
  const opener = open()
  goOn()
  const form = screen.getByRole('button', { name: 'Delete' }).closest('form')
  if (form) fireEvent.submit(form)
  opener.focus()
  // Until the question has given up the focus.
  await new Promise((resolve) => setTimeout(resolve))
  fireEvent.click(opener)
  press('Close')
  await hasFocus(opener)
})

test('where everything is gone, the page’s content has the focus', async () => {
  open()
  press('Take the row')
  press('Close')
  await hasFocus(screen.getByRole('main', { hidden: true }))
})
