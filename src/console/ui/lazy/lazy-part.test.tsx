import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { lazyPart } from './lazy-part.tsx'

type Load = () => Promise<() => string>

const Part = () => 'The part'
const waiting = <p>On its way</p>

afterEach(cleanup)

test('a part of a page comes when its code is there', async () => {
  const Lazy = lazyPart(() => Promise.resolve(Part), waiting)
  render(<Lazy />)
  expect(screen.getByText('On its way')).toBeTruthy()
  expect(await screen.findByText('The part')).toBeTruthy()
})

test('a part that was preloaded is there at once', async () => {
  const load = vi.fn<Load>().mockResolvedValue(Part)
  const Lazy = lazyPart(load, waiting)
  Lazy.preload()
  await load.mock.results[0]?.value
  await Promise.resolve()
  render(<Lazy />)
  expect(screen.getByText('The part')).toBeTruthy()
  expect(load).toHaveBeenCalledOnce()
})

test('a part that didn’t load says so and can be tried again', async () => {
  const load = vi.fn<Load>().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(Part)
  const Lazy = lazyPart(load, waiting)
  render(<Lazy />)
  expect((await screen.findByRole('alert')).textContent).toContain('didn’t load')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('The part')).toBeTruthy()
})
