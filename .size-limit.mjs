import { readFileSync } from 'node:fs'

// Vite's manifest tells which files a page loads: an entry and what it imports statically.
const folder = 'dist/console'
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'))

function filesOf(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) filesOf(next, seen)
  return seen
}

const firstLoad = [...filesOf('index.html')]
// Each costs its way to the server and back before anything shows.
const FILES_MAX = 5
if (firstLoad.length > FILES_MAX) {
  throw new Error(`the first load is ${firstLoad.length} scripts, at most ${FILES_MAX} are wanted`)
}

const dialog = manifest['src/console/deployments/dialogs/add-deployment-dialog.tsx'].file

export default [
  {
    name: 'Deployment Overview, scripts of the first load',
    path: firstLoad.map((key) => `${folder}/${manifest[key].file}`),
    gzip: true,
    limit: '140 kB',
  },
  {
    // It brings the schemas, of which zod's messages in sixty languages must not be a part.
    name: 'Add deployment, script of the dialog',
    path: `${folder}/${dialog}`,
    gzip: true,
    limit: '65 kB',
  },
]
