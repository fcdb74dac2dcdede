import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

if (import.meta.env.MODE === 'demo') {
  const { startDemo } = await import('../demo/start.ts')
  startDemo()
}

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
