import {existsSync, readFileSync, readdirSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import vue from '@vitejs/plugin-vue'
import {defineConfig, type Plugin} from 'vite'

/** The folder of the package that a module belongs to. */
function packageFolder(module: string): string | undefined {
  const at = module.lastIndexOf('/node_modules/')
  if (at < 0) return undefined
  const names = module.slice(at + 14).split('/')
  return join(module.slice(0, at + 14), names[0].startsWith('@') ? `${names[0]}/${names[1]}` : names[0])
}

/** Name, version, licence and licence text of a package. A package that states none stops the build. */
function notice(folder: string): string {
  const told = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name))
  if (!told.license && !file) throw new Error(`${told.name} states no licence`)
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package brings no text of its licence.'
  return `${told.name} ${told.version}\nLicence: ${told.license}\n\n${text}\n`
}

/** Writes licences.txt, of the packages that are in the page, and sources.json, of our files that are. */
function bookkeeping(): Plugin {
  return {
    name: 'bookkeeping',
    generateBundle(_, bundle) {
      const folders = new Set<string>()
      const sources = new Set<string>()
      for (const id of this.getModuleIds()) {
        const file = id.replace(/^\0/, '').split('?')[0]
        const folder = packageFolder(file)
        if (folder) folders.add(folder)
        else if (existsSync(file)) sources.add(relative(__dirname, file))
      }
      if (Object.keys(bundle).length === 0) throw new Error('the page is empty')
      // Two packages bring the styles of the components as data; the module list names both.
      const notices = [...new Set([...folders].filter((one) => existsSync(join(one, 'package.json'))).map(notice))].sort()
      this.emitFile({type: 'asset', fileName: 'licences.txt', source: notices.join(`\n${'-'.repeat(80)}\n\n`)})
      this.emitFile({type: 'asset', fileName: 'sources.json', source: JSON.stringify([...sources].sort())})
    }
  }
}

const __dirname = dirname(new URL(import.meta.url).pathname)

export default defineConfig({
  plugins: [vue(), bookkeeping()],
  build: {target: 'es2022', assetsInlineLimit: 0, modulePreload: {polyfill: false}, chunkSizeWarningLimit: 1500, reportCompressedSize: false},
  define: {__VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_JIT_COMPILATION__: true, __INTLIFY_DROP_MESSAGE_COMPILER__: false},
  server: {proxy: {'/v1': process.env.VULTUS_SERVER ?? 'http://127.0.0.1:8000'}}
})
