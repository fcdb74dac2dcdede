import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lazyPage } from './lazy-page.tsx'

type Load = () => Promise<() => string>

const Page = () => 'The page'
// The words that the router takes for a reason to load the whole console again.
const missing = new TypeError('Failed to fetch dynamically imported module: /assets/page.js')
const reload = vi.fn<() => void>()

beforeEach(() => {
  reload.mockReset()
  vi.spyOn(window.location, 'reload').mockImplementation(reload)
})

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function open(load: Load): Promise<void> {
  const Lazy = lazyPage(load)
  await Lazy.preload()
  render(<Lazy />)
}

const tryAgain = () => fireEvent.click(screen.getByRole('button', { name: 'Try again' }))

test('a page is there once its code is', async () => {
  await open(() => Promise.resolve(Page))
  expect(screen.getByText('The page')).toBeTruthy()
})

test('a page whose code can’t be fetched says so and can be tried again', async () => {
  await open(vi.fn<Load>().mockRejectedValueOnce(missing).mockResolvedValue(Page))
  expect(screen.getByRole('heading', { name: 'The page didn’t load' })).toBeTruthy()
  tryAgain()
  expect(await screen.findByText('The page')).toBeTruthy()
  expect(reload).not.toHaveBeenCalled()
})

test('the console is loaded again only from a server that answers', async () => {
  const answer = vi.fn<() => Promise<Response>>()
  vi.stubGlobal('fetch', answer.mockRejectedValueOnce(new TypeError('away')))
  await open(() => Promise.reject(missing))
  tryAgain()
  await waitFor(() => expect(answer).toHaveBeenCalledOnce())
  const button = await screen.findByRole('button', { name: 'Try again' })
  await waitFor(() => expect(button.getAttribute('aria-busy')).toBeNull())
  expect(reload).not.toHaveBeenCalled()
  answer.mockResolvedValue(new Response('<!doctype html>'))
  tryAgain()
  await waitFor(() => expect(reload).toHaveBeenCalledOnce())
})
