import { startTransition, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

let content = <App />
if (import.meta.env.MODE === 'demo') {
  if (location.pathname === `${import.meta.env.BASE_URL}gallery`) {
    const { Gallery } = await import('./gallery/gallery.tsx')
    content = <Gallery />
  } else {
    const { startDemo } = await import('../demo/start.ts')
    startDemo()
  }
}

// In slices: a slow phone stays responsive while the first page comes together.
startTransition(() => {
  createRoot(root).render(<StrictMode>{content}</StrictMode>)
})
